"""What the overview is asked for: whatever cannot be read is as if it was not asked."""

from datetime import date

import pytest

from reports.overview.asking import Sort, Wanted, last_months, month_end, month_key, month_name, past_months

AS_OF = date(2026, 2, 14)


def test_everything_can_be_asked_for_at_once() -> None:
    asked = {"area": "7", "month": "2025-12", "standard": "england-2020:3", "sort": "not-met"}
    wanted = Wanted.of(asked, as_of=AS_OF)
    assert wanted == Wanted(7, date(2025, 12, 1), "england-2020", "3", Sort.NOT_MET)
    assert wanted.chosen == "england-2020:3"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"area": "seven", "month": "2026-02", "sort": "size"},
        {"area": "٣", "month": "2025-01"},
        {"area": "1" * 30, "month": "soon"},
    ],
)
def test_what_cannot_be_read_is_not_asked_for(asked: dict[str, str]) -> None:
    assert Wanted.of(asked, as_of=AS_OF) == Wanted()


def test_a_set_alone_is_all_of_its_standards() -> None:
    wanted = Wanted.of({"standard": "england-2020"}, as_of=AS_OF)
    assert (wanted.pack, wanted.standard, wanted.chosen) == ("england-2020", "", "england-2020")


def test_months_cross_the_year() -> None:
    assert past_months(AS_OF)[:3] == [date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]
    assert len(past_months(AS_OF)) == 12
    assert last_months(AS_OF, months=3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert month_end(date(2026, 2, 1)) == date(2026, 2, 28)
    assert month_end(date(2025, 12, 1)) == date(2025, 12, 31)
    assert (month_key(AS_OF), month_name(AS_OF)) == ("2026-02", "February\u00a02026")


def test_names_rise_and_figures_fall() -> None:
    assert {sort.direction for sort in Sort if sort is not Sort.NAME} == {"descending"}
    assert Sort.NAME.direction == "ascending"
    assert Sort.NOT_MET.heading == "Not met"
