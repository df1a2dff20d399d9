"""A line over time: placed by day, broken where nothing is known, never outside its box."""

from datetime import date, timedelta
from decimal import Decimal

from design.charts import LINE_HEIGHT, LINE_TOP, WIDTH, Point, line_chart
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
