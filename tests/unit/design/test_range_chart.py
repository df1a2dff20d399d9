from decimal import Decimal

from design.range_charts import Mark, Strip, range_chart

D = Decimal
FIVE = (D(10), D(12), D(14), D(16), D(20))


def test_scale_runs_from_the_lowest_to_the_highest_of_all() -> None:
    marks = [Mark("This employer", D(30), "30.0", "diamond"), Mark("England", D(15), "15.0", "circle")]
    chart = range_chart(Strip(FIVE, ("Lowest 10", "Highest 20"), marks))
    assert list(chart.xs) == [D("10.0"), D("48.0"), D("86.0"), D("124.0"), D("200.0")]
    own, england = chart.placed
    assert (own.x, own.anchor) == (D("390.0"), "end")
    assert (england.x, england.anchor) == (D("105.0"), "start")
    assert own.text_x < own.x < england.text_x + 390
    assert own.y < england.y < chart.ends_y < chart.height
    assert chart.box == D("76.0")


def test_corners_lie_around_the_mark() -> None:
    (place,) = range_chart(Strip(FIVE, ("", ""), [Mark("England", D(15), "", "square")])).placed
    assert place.points == "200.0,41 207.0,48 200.0,55 193.0,48"
    assert place.square == (D("194.0"), 42)


def test_figures_that_are_all_the_same_lie_in_the_middle() -> None:
    chart = range_chart(Strip((D(5),) * 5, ("", ""), [Mark("England", None, "", "circle")]))
    assert set(chart.xs) == {D("200.0")}
    assert chart.placed == []
