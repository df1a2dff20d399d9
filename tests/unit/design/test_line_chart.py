"""A line over time: placed by day, broken where nothing is known, never outside its box."""

from datetime import date, timedelta
from decimal import Decimal

from design.charts import WIDTH, Point
from design.line_charts import LINE_HEIGHT, LINE_TOP, MARK_ROW, Mark, line_chart
from design.templatetags.design import line_chart as tag

DAY = date(2026, 11, 2)


def points(*pcts: str | None) -> list[Point]:
    return [Point(DAY + timedelta(7 * week), None if pct is None else Decimal(pct)) for week, pct in enumerate(pcts)]


def test_points_are_placed_by_day_and_height() -> None:
    chart = line_chart(points("0", "75", "150"))
    assert chart is not None
    assert chart.stretches == [f"0.0,{LINE_TOP + LINE_HEIGHT}.0 {WIDTH // 2}.0,113.8 {WIDTH}.0,57.5"]
    assert chart.limit_y == Decimal("95.0")
    assert (chart.first, chart.last) == (DAY, DAY + timedelta(14))


def test_what_is_not_known_breaks_the_line() -> None:
    chart = line_chart(points("50", "60", None, "70"))
    assert chart is not None
    assert len(chart.stretches) == 1
    assert chart.dots == [(Decimal("400.0"), Decimal("100.0"))]


def test_one_point_is_no_line() -> None:
    assert line_chart(points("50", None)) is None
    assert line_chart([]) is None
    assert tag(points("50"), id="x", title="Load")["chart"] is None


def test_a_figure_past_the_scale_stays_inside_the_box() -> None:
    chart = line_chart(points("50", "5000"))
    assert chart is not None
    assert chart.stretches[0].endswith(f"{WIDTH}.0,{LINE_TOP}.0")


def test_what_changed_is_marked_by_its_day() -> None:
    marks = [Mark(DAY + timedelta(14), 2), Mark(DAY, 1), Mark(DAY + timedelta(90), 3), Mark(DAY - timedelta(1), 4)]
    chart = line_chart(points("50", "60", "70"), marks=marks)
    assert chart is not None
    assert [(mark.number, mark.x) for mark in chart.marks] == [(1, Decimal(10)), (2, Decimal(390))]
    assert chart.mark_rows == 1
    assert chart.height - plain_height() == MARK_ROW
    assert chart.marks[0].text_y - chart.marks[0].y == 5


def test_marks_that_would_touch_go_below_each_other() -> None:
    marks = [Mark(DAY + timedelta(7), 1), Mark(DAY + timedelta(7), 2), Mark(DAY + timedelta(14), 3)]
    chart = line_chart(points("50", "60", "70"), marks=marks)
    assert chart is not None
    first, second, third = chart.marks
    assert second.y - first.y == MARK_ROW
    assert third.y == first.y
    assert chart.mark_rows == 2


def test_a_line_can_run_over_a_whole_period() -> None:
    chart = line_chart(points("50", "60"), since=DAY - timedelta(7), until=DAY + timedelta(21))
    assert chart is not None
    assert chart.stretches[0].startswith("100.0,")
    assert (chart.first, chart.last) == (DAY - timedelta(7), DAY + timedelta(21))


def test_numbers_have_no_limit_and_a_scale_of_their_own() -> None:
    for highest, end in (("0", 1), ("4", 5), ("5", 10), ("37", 50), ("199", 200), ("200", 500)):
        chart = line_chart(points("0", highest), limit=None)
        assert chart is not None
        assert (chart.limit_y, chart.end) == (None, Decimal(end))


def plain_height() -> int:
    chart = line_chart(points("50", "60", "70"))
    assert chart is not None
    return chart.height
