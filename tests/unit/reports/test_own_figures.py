"""An employer's own rates, worked through by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports.adults import adult_rates
from reports.own_figures import NOT_RECORDED, SUPPRESSED, Held, Own, TeamPosts, Workforce, own_figures
from teams.supervision import Span
from teams.workforce import Away, Hours

DAY = date(2026, 11, 2)
SINCE = date(2025, 11, 2)
D = Decimal


def works(worker: int, fte: str | None, ends_on: date | None = None, *, agency: bool = False) -> Hours:
    return Hours(worker, None if fte is None else D(fte), Span(date(2024, 1, 1), ends_on), agency=agency)


# three of each: 1 full time, 2 half time, 3 from an agency, 4 left in May, 5 left the year before
EACH = (
    works(1, "1"),
    works(2, "0.5"),
    works(3, "1", agency=True),
    works(4, "0.75", date(2026, 5, 1)),
    works(5, "1", date(2025, 3, 1)),
)
WORKERS = tuple(replace(row, worker=row.worker + ten) for ten in (0, 10, 20) for row in EACH)
FOUND = Workforce(
    as_of=DAY,
    since=SINCE,
    teams=[TeamPosts(D(9), WORKERS)],
    workers=WORKERS,
    sick=[Away(worker, "SICKNESS", Span(date(2026, 3, 2), date(2026, 3, 9))) for worker in (1, 11, 21)],
    held={
        worker + ten: held
        for ten in (0, 10, 20)
        for worker, held in {1: Held(20, 14), 2: Held(9, 9), 3: Held(16, 10)}.items()
    },
)


def test_rates_are_sums_over_sums() -> None:
    found = own_figures(FOUND)
    assert {column: own.value for column, own in found.items()} == {
        "caseload_fte": D("18.0"),  # 135 ÷ 7.5
        "vacancy_rate_fte": D("50.0"),  # 4.5 of 9 posts
        "agency_rate_fte": D("40.0"),  # 3 ÷ 7.5
        "agency_rate_headcount": D("33.3"),  # 3 of 9 people
        "turnover_rate_fte": D("50.0"),  # 2.25 ÷ 4.5
        "turnover_rate_headcount": D("50.0"),  # 3 ÷ 6
        "absence_rate_fte": D("1.3"),  # 15 days ÷ (4.5 × 253)
        "agency_cover_rate_fte": None,
        "vacancy_agency_cover_rate_fte": None,
    }
    assert found["caseload_fte"].made_of == "135 cases ÷ 7.5 FTE of 9 holders"
    assert found["caseload_fte"].note == "By families, brothers and sisters together: 13.2."
    assert found["agency_cover_rate_fte"].note == NOT_RECORDED


def test_hours_of_somebody_in_two_teams_are_added() -> None:
    rows = [works(worker, part) for worker in range(5) for part in ("0.5", "0.25")]
    found = own_figures(replace(FOUND, workers=rows, held=dict.fromkeys(range(5), Held(15, 15))))
    assert found["caseload_fte"].value == D("20.0")
    assert found["caseload_fte"].made_of == "75 cases ÷ 3.8 FTE of 5 holders"


def test_unknown_hours_are_left_out_on_both_sides_and_said() -> None:
    rows = (*WORKERS, works(6, None), works(7, None, date(2026, 6, 1)))
    found = own_figures(replace(FOUND, workers=rows, held={**FOUND.held, 6: Held(1, 1), 9: Held(2, 2)}))
    assert found["caseload_fte"].value == D("18.0")
    assert found["caseload_fte"].note.endswith("Left out: 3 cases with somebody whose hours are not recorded.")
    assert found["agency_rate_fte"].value == D("40.0")
    assert found["agency_rate_fte"].note == "Left out: 1 worker whose hours are not recorded."
    assert found["turnover_rate_fte"].note == (
        "Left out: 1 who left and whose hours are not recorded. Left out: 1 worker whose hours are not recorded."
    )
    assert found["turnover_rate_headcount"].value == D("57.1")


def test_one_unknown_team_is_unknown_to_somebody_in_two() -> None:
    rows = (works(1, "0.5"), works(1, None))
    found = own_figures(replace(FOUND, workers=rows, held={1: Held(1, 1)}))["caseload_fte"]
    assert found == Own(None, note="No registered social worker holds a case and has hours that are known.")


def test_teams_without_posts_are_left_out_of_vacancies() -> None:
    lost = [TeamPosts(None, WORKERS), TeamPosts(D(9), [works(8, None)])]
    found = own_figures(replace(FOUND, teams=[*FOUND.teams, *lost]))["vacancy_rate_fte"]
    assert found.value == D("50.0")
    assert found.note.endswith("Left out: the posts of 2 teams, or the hours of somebody in them, are not recorded.")
    alone = own_figures(replace(FOUND, teams=lost[:1]))["vacancy_rate_fte"]
    assert alone == Own(None, note="The posts of a team, or the hours of somebody in it, are not recorded.")


def test_nobody_has_no_rates() -> None:
    found = own_figures(Workforce(DAY, SINCE))
    assert all(own.value is None and own.note for own in found.values())
    assert found["vacancy_rate_fte"].note == "There are no posts and nobody in them."
    assert found["absence_rate_fte"].note.startswith("No sickness absence")


def test_agency_alone_has_no_turnover() -> None:
    rows = [works(worker, "1", agency=True) for worker in range(5)]
    found = own_figures(replace(FOUND, workers=rows))
    assert found["agency_rate_fte"].value == D("100.0")
    assert found["turnover_rate_fte"].value is found["turnover_rate_headcount"].value is None
    assert found["absence_rate_fte"].value is None


def test_no_rate_is_about_fewer_than_five_people() -> None:
    """Four in post, of whom nobody was sick: to say so would say it of each. With an agency worker they are five."""
    rows = [*(works(worker, "1") for worker in range(4)), works(4, "1", agency=True)]
    few = replace(FOUND, workers=rows, teams=[TeamPosts(D(9), rows)], sick=(), held={0: Held(9, 9)})
    found = own_figures(few)
    assert {column for column, own in found.items() if own.suppressed} == {
        *("caseload_fte", "vacancy_rate_fte", "turnover_rate_fte", "turnover_rate_headcount", "absence_rate_fte")
    }
    assert {found[column] for column in found if found[column].suppressed} == {
        Own(None, note=SUPPRESSED, suppressed=True)
    }
    assert (found["agency_rate_fte"].value, found["agency_rate_headcount"].value) == (D("20.0"), D("20.0"))
    alone = own_figures(replace(few, workers=rows[:1]))
    assert alone["agency_rate_fte"].suppressed
    assert alone["agency_rate_headcount"].suppressed
    assert [one.own_text for one in adult_rates(found)] == ["suppressed", "suppressed", "20.0\u00a0%"]
    hours = [*rows, *(works(worker, None) for worker in range(5, 9))]
    unknown = own_figures(replace(few, workers=hours))
    assert unknown["absence_rate_fte"].suppressed
    assert unknown["turnover_rate_fte"].suppressed
    assert unknown["turnover_rate_headcount"].value == D("0.0")
    assert own_figures(Workforce(DAY, SINCE, [TeamPosts(D(9), ())]))["vacancy_rate_fte"].value == D("100.0")


def test_adult_rates_stand_beside_englands_newest() -> None:
    found = adult_rates(own_figures(FOUND))
    assert [(one.title, one.own.value, one.newest.text, one.newest.year) for one in found] == [
        ("Vacancy rate", D("50.0"), "10.5\u00a0%", 2023),
        ("Turnover, by headcount", D("50.0"), "14.5\u00a0%", 2023),
        ("Agency workers, by headcount", D("33.3"), "10\u00a0%", 2023),
    ]
    assert [one.year for one in found[0].figures] == [2023, 2022, 2021, 2020, 2016, 2015]
