"""An employer's compliance report, put together from teams made up here."""

from typing import Any

import pytest

from reports.compliance import employer_report
from reports.compliance_load import Part
from reports.content import Chapter, Cover, IndicatorRow, as_json

COVER = Cover("Workload compliance report", "All teams", "Testshire", "", "2026-11-02", "As of today.", "For all")


def kept(**changes: Any) -> dict[str, Any]:
    sums = {
        "head_count": 8,
        "known": 8,
        "over": 1,
        "well_over": 0,
        "cases": 100,
        "load": "80.00",
        "capacity": "100.00",
        "demand": "90.00",
        "unallocated": 2,
        "unallocated_weight": "10.00",
        "longest_wait": 7,
        "red_flags": 3,
        "maximum": "100.00",
        "unit": "POINTS",
        "bands": {"ROOM": 7, "OVER": 1},
    }
    figures = [{"label": "Team load", "value": "80.0 %", "band": "ROOM", "word": "room", "note": ""}]
    return {"sums": sums | changes, "figures": figures, "duties": [], "limits": [], "overrides": []}


def row(finding: str = "MET", **changes: Any) -> IndicatorRow:
    fields: dict[str, Any] = {
        "code": "1-load",
        "text": "The load stays within capacity.",
        "title": "Team load",
        "value": "80.0 %",
        "thresholds": "Met: at most 100 %.",
        "source": "example",
        "essential": True,
        "finding": finding,
        "word": finding.replace("_", " ").capitalize(),
        "note": "",
    }
    return IndicatorRow(**(fields | changes))


def chapter(*rows: IndicatorRow, **changes: Any) -> Chapter:
    worst = next((one for one in rows if one.finding == "NOT_MET"), rows[0] if rows else None)
    fields: dict[str, Any] = {
        "pack": "small",
        "anchor": "standard-small-1",
        "code": "1",
        "title": "Workload",
        "finding": worst.finding if worst else "NOT_KNOWN",
        "word": worst.word if worst else "Not known",
        "expectations": ["Load is safe"],
        "completeness": "Whole",
        "source": "Made up",
        "indicators": rows,
    }
    return Chapter(**(fields | changes))


def part(key: int, *chapters: Chapter, area: int = 1, heads: int = 8, **changes: Any) -> Part:
    fields: dict[str, Any] = {
        "key": key,
        "name": f"Team {key}",
        "area": area,
        "area_name": f"Area {area}",
        "head_count": heads,
        "kept": kept(head_count=heads, known=heads),
        "chapters": chapters or (chapter(row()),),
    }
    return Part(**(fields | changes))


def report(*parts: Part, fewest: int = 5) -> dict[str, Any]:
    return as_json(employer_report(COVER, parts, versions=(), fewest=fewest))


def rows_of(table: dict[str, Any]) -> list[dict[str, str]]:
    """A table of numbers as rows by heading."""
    heads = [heading.replace("\u00a0", " ").replace("\u00ad", "") for heading in table["headings"]]
    return [dict(zip(heads, [row["name"], *row["cells"]], strict=True)) for row in table["rows"]]


def test_sums_are_of_loads_and_capacities_and_never_means_of_percentages() -> None:
    said = report(
        part(1, kept=kept(load="50.00", capacity="100.00")), part(2, kept=kept(load="33.33", capacity="10.00"))
    )
    area, whole = rows_of(said["areas"])
    assert (area["Load"], area["Capacity"], area["Load %"]) == ("83.33", "110.00", "75.8\u00a0%")
    assert whole["Load %"] == area["Load %"]
    assert (whole["Over limit"], whole["Unallocated"], whole["Longest wait"]) == ("2 of 16", "4", "7\u00a0days")


def test_what_is_not_known_is_left_out_of_sums_and_said_where_nothing_is_known() -> None:
    unknown = kept(load=None, capacity=None, demand=None, unallocated_weight=None, longest_wait=None)
    said = report(part(1, kept=unknown), part(2, kept=unknown))
    area, _ = rows_of(said["areas"])
    assert {area[name] for name in ("Load", "Capacity")} == {"not known"}
    assert {area[name] for name in ("Load %", "Demand %", "Longest wait")} == {"–"}
    assert rows_of(report(part(1, kept=unknown), part(2))["areas"])[0]["Load %"] == "80.0\u00a0%"


def test_areas_that_count_in_other_units_are_added_in_full_time_workers() -> None:
    hours = kept(load="70.00", capacity="140.00", unallocated_weight="0.00", maximum="140.00")
    said = report(part(1), part(2, area=2, kept=hours))
    *_, area, whole = rows_of(said["areas"])
    assert (whole["Load"], whole["Capacity"]) == ("1.3\u00a0FTE", "2.0\u00a0FTE")
    assert (whole["Load %"], whole["Demand %"]) == ("65.0\u00a0%", "70.0\u00a0%")
    assert area["Load"] == "70.00"


def test_bands_are_counted_by_team_and_by_area_where_teams_are_many() -> None:
    few = report(part(1), part(2, heads=3), part(3))
    assert rows_of(few["bands"]) == [{"Team or area": "Team 3", "Room": "7", "Over": "1"}]
    assert few["stacks"] == [{"name": "Team 3", "counts": {"ROOM": 7, "OVER": 1}}]
    many = report(*(part(key, area=key % 2) for key in range(41)))
    assert [row["Room"] for row in rows_of(many["bands"])] == ["147", "140"]


def test_without_capacity_there_is_no_percentage() -> None:
    assert rows_of(report(part(1, kept=kept(capacity="0.00")))["areas"])[0]["Load %"] == "–"


def test_same_maximum_in_another_unit_is_not_added_as_it_is() -> None:
    said = report(part(1), part(2, area=2, kept=kept(unit="HOURS")))
    assert rows_of(said["areas"])[-1]["Load"] == "1.6\u00a0FTE"


@pytest.mark.parametrize("nothing", [None, kept(known=0, load=None, capacity=None, demand=None)])
def test_team_of_whom_nothing_is_known_is_suppressed_and_hides_another(nothing: dict[str, Any] | None) -> None:
    said = report(part(1, heads=10), part(2, heads=3), part(3, heads=8, kept=nothing))
    assert [row["Load %"] for row in rows_of(said["teams"])] == ["suppressed"] * 3
    assert rows_of(said["areas"])[0]["People"] != "suppressed"


def test_small_team_is_suppressed_with_the_next_one_and_counted_nowhere() -> None:
    said = report(part(1, heads=3), part(2, heads=6), part(3, heads=9))
    assert [row["Load %"] for row in rows_of(said["teams"])] == ["suppressed", "suppressed", "80.0\u00a0%"]
    assert [row["under"] for row in said["teams"]["rows"]] == ["", "", "room"]
    assert [one["cells"][0]["word"] for one in said["grid"]] == ["Suppressed", "Suppressed", "Met"]
    assert said["hidden"].startswith("2 teams are suppressed here, because figures of fewer than 5 people are known")
    assert said["chapters"][0]["counts"] == [("MET", "Met", 1)]
    assert [row["Team"] for row in rows_of(said["duties"])] == ["Team 3"]
    assert said["figures"][-1]["note"] == "0 of them late, in 1 team"
    assert rows_of(said["areas"])[-1]["Load %"] == "80.0\u00a0%"


def test_headline_counts_the_duties_of_the_teams_that_are_shown_alone() -> None:
    waits = {"duties": [{"days": 9, "late": True}]}
    said = report(*(part(key, kept=kept(known=known) | waits) for key, known in ((1, 3), (2, 6), (3, 9))))
    shown = [row["Open"] for row in rows_of(said["duties"])]
    assert (shown, said["figures"][-1]["value"]) == (["1"], "1")
    assert said["figures"][-1]["note"] == "1 of them late, in 1 team"


def test_single_small_team_hides_the_employer_too() -> None:
    said = report(part(1, heads=3))
    assert rows_of(said["areas"])[-1]["Load %"] == "suppressed"
    assert said["hidden"].startswith("1 team is suppressed")
    assert {figure["value"] for figure in said["figures"]} == {"suppressed"}
    assert [said["figures"][place]["note"] for place in (0, -1)] == ["", ""]
    assert said["summary"][1] == "So few people work in them that their load is suppressed."
    assert (said["chapters"], said["variations"]) == ([], [])


def test_employer_without_teams_says_so() -> None:
    said = report()
    assert said["summary"] == ["There is no team to report on yet."]
    assert (said["grid"], said["chapters"], said["hidden"]) == ([], [], "")


def test_standards_count_teams_by_the_finding_that_counts_and_by_the_national_one() -> None:
    varied = chapter(
        row(
            "NOT_MET",
            local_finding="MET",
            local_word="Met",
            local_thresholds="Met: at most 120 %.",
            local_reason="Why.",
        ),
        local_finding="MET",
        local_word="Met",
    )
    said = report(part(1, varied), part(2, varied))
    first = said["chapters"][0]
    assert (first["counts"], first["national_counts"]) == ([("MET", "Met", 2)], [("NOT_MET", "Not met", 2)])
    assert said["grid"][0]["cells"] == [{"finding": "MET", "symbol": "✓", "word": "Met", "local": True}]
    (variation,) = said["variations"]
    assert (variation["national_met"], variation["local_met"]) == ("0 of 2 teams", "2 of 2 teams")
    assert first["indicators"][0]["thresholds"] == "Met: at most 100 %. Here: Met: at most 120 %."


def test_standard_of_which_nothing_is_measured_has_a_dash_and_no_counts() -> None:
    said = report(part(1, chapter()))
    assert said["grid"][0]["cells"][0]["word"] == "–"
    assert (said["chapters"][0]["counts"], said["chapters"][0]["teams"]) == ([], [])


def test_why_a_standard_is_not_met_names_the_essential_first_and_three_at_most() -> None:
    rows = [row("NOT_MET", code=f"1-{n}", title=f"Measure {n}", value=f"{n} %", essential=n == 4) for n in range(5)]
    (team,) = report(part(1, chapter(*rows)))["chapters"][0]["teams"]
    assert team["because"] == ["Measure 4: 4 %", "Measure 0: 0 %", "Measure 1: 1 %", "and 2 more"]
    (team,) = report(part(1, chapter(*rows[:3])))["chapters"][0]["teams"]
    assert team["because"][-1] == "Measure 2: 2 %"


def test_figures_stand_six_beside_each_other_and_what_is_judged_has_none() -> None:
    rows = [row(code=f"1-{n}", title=f"Measure {n}") for n in range(7)]
    judged = row(code="1-judged", title="", thresholds="", value="Judged by the manager")
    first = report(part(1, chapter(*rows, judged)))["chapters"][0]
    assert [len(table["headings"]) for table in first["values"]] == [1 + 6, 1 + 1]
    assert [table["caption"] for table in first["values"]] == [
        "Figures of standard 1, Workload, part 1 of 2",
        "Figures of standard 1, Workload, part 2 of 2",
    ]
    assert first["indicators"][-1]["thresholds"] == "Judged by the manager."


def test_indicators_count_findings_and_unknown_ones_together() -> None:
    chapters = [chapter(row(finding)) for finding in ("MET", "PARTLY_MET", "NOT_MET", "NOT_KNOWN", "SUPPRESSED")]
    said = report(*(part(number, one) for number, one in enumerate(chapters)))
    (counted,) = said["chapters"][0]["indicators"]
    assert [counted[name] for name in ("met", "partly", "not_met", "not_known")] == [1, 1, 1, 2]


def test_findings_that_are_not_the_figures_are_told_without_anybody_s_words() -> None:
    said_so = "judged by the manager; measured: not met"
    judged = row("MET", value="120.0 %", overruled=said_so, by_figures="NOT_MET")
    given_up = row("MET", overruled="as the panel asked, and the manager agreed", by_figures="MET")
    only_judged = row("NOT_MET", title="", overruled="as the panel asked, and the manager agreed")
    said = report(part(1, chapter(judged)), part(2, chapter(given_up)), part(3, chapter(only_judged)))
    assert [(one["team"], one["stands"], one["why"]) for one in said["overruled"]] == [("Team 1", "Met", said_so)]
    assert [row["Findings not by the figures"] for row in rows_of(said["exceptions"])] == ["1", "0", "0"]


def test_figure_of_one_worker_is_left_to_the_team_s_own_report() -> None:
    of_one = row("NOT_MET", title="Highest load of a worker", value="148.0 %", of_few=True)
    first = report(part(1, chapter(of_one)), part(2, chapter(of_one)))["chapters"][0]
    assert "148" not in str(first)
    assert first["teams"][0]["because"] == ["Highest load of a worker"]
    assert first["values"][0]["rows"][0]["cells"] == ["suppressed"]


def test_variation_of_only_some_teams_is_told() -> None:
    local = {"local_thresholds": "Met: at most 120 %.", "local_finding": "MET", "local_word": "Met"}
    said = report(part(1, chapter(row("NOT_MET"))), part(2, chapter(row("NOT_MET", **local))))
    assert [(one["national_met"], one["local_met"]) for one in said["variations"]] == [("0 of 2 teams", "1 of 2 teams")]
    assert said["chapters"][0]["indicators"][0]["thresholds"].endswith("Here: Met: at most 120 %.")


@pytest.mark.parametrize(
    ("days", "column"),
    [
        (0, "Up to 7 days"),
        (7, "Up to 7 days"),
        (8, "8 to 28 days"),
        (28, "8 to 28 days"),
        (29, "29 to 90 days"),
        (90, "29 to 90 days"),
        (91, "Over 90 days"),
    ],
)
def test_duties_are_counted_by_age(days: int, column: str) -> None:
    duties = [{"days": days, "late": days > 28}]
    (counted,) = rows_of(report(part(1, kept=kept() | {"duties": duties}))["duties"])
    assert (counted["Open"], counted[column], counted["Late"]) == ("1", "1", str(int(days > 28)))
    assert [name for name in counted if "days" in name and counted[name] == "1"] == [column]
