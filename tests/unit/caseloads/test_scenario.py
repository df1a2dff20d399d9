"""Scenarios: what is understood, what is refused and in which words."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from caseloads.scenario import ScenarioError, parse
from caseloads.scenario_file import LARGEST
from caseloads.scenario_output import as_object, as_text
from caseloads.workload import BandLevel, score
from tests.unit.caseloads.building import PAGE, page_tables

ROOT = PAGE.parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "scheme-a.yaml"
GUIDE = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
SCHEME: dict[str, Any] = {
    "maximum": 100,
    "stable": 15,
    "full_time_hours": 37,
    "default_weight": 5,
    "stages": {"newly qualified": "90 %"},
    "categories": {"visit": 4, "court": {"weight": "10.5", "reserved": "yes", "unallocated_limit_days": 3}},
    "factors": {"long travel": 1, "further child": {"points": 1, "per_extra": True}},
}
ASHA = {"name": "Asha", "hours": 37, "stage": "established"}


def document(**parts: Any) -> dict[str, Any]:
    return {"as_of": "2026-11-22", "scheme": SCHEME, "workers": [ASHA]} | parts


def scored(**parts: Any) -> dict[str, Any]:
    scenario = parse(document(**parts))
    return as_object(score(scenario.scheme, scenario.inputs, as_of=scenario.as_of))


def first(**parts: Any) -> dict[str, Any]:
    worker: dict[str, Any] = scored(**parts)["workers"][0]
    return worker


def faults(**parts: Any) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        parse(document(**parts))
    return refused.value.faults


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("score_scenario", *arguments, stdout=out)
    return out.getvalue()


def refused(path: Path) -> str:
    with pytest.raises(CommandError) as error:
        run(str(path))
    return str(error.value)


class TestCommand:
    def test_example_file_gives_the_published_figures(self) -> None:
        found = json.loads(run(str(EXAMPLE), "--json"))
        heading = ("worker", "hours", "stage", "reduction", "cases", "load", "capacity", "load %", "band")
        published = [[row[0], *row[5:]] for row in page_tables()[heading][0][:-1]]
        names = ("worker", "load", "capacity", "load_pct", "band")
        assert [[row[name] or "–" for name in names] for row in found["workers"]] == published
        team = found["teams"][0]
        assert [team[name] for name in ("load", "capacity", "load_pct", "demand_pct")] == [
            "270.18",
            "311.22",
            "86.8",
            "88.4",
        ]
        assert (team["lowest_pct"], team["median_pct"], team["highest_pct"]) == ("47.0", "93.1", "109.5")
        assert (team["over"], team["well_over"], team["unallocated"]) == (2, 1, 1)

    def test_example_file_reads_as_sums_that_add_up(self) -> None:
        text = run(str(EXAMPLE))
        assert "w4 (Team): 109.5 %, over" in text
        assert "w5 (Team): no capacity" in text
        assert "       5.00  E 2: child protection 8.00 + hostile household 2.00, 50 % as a sibling" in text
        assert "! Holding cases without capacity. Load 12.00, capacity 0.00: 2 cases held without capacity." in text
        assert "  demand: 88.4 %, room" in text

    def test_bad_file_ends_with_sentences_and_code_1_and_touches_no_database(self, tmp_path: Path) -> None:
        bad = tmp_path / "bad.yaml"
        bad.write_text("as_of: someday\nworkers: [{name: Asha, hours: lots}]\n", encoding="utf-8")
        command = [sys.executable, "manage.py", "score_scenario", str(bad)]
        nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
        nowhere["HEALTHCHECK_DEVELOPMENT"] = "1"
        done = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        assert done.stderr.strip().splitlines()[-3:] == [
            "- as_of: “someday” is not a date like 2026-11-22.",
            "- scheme: there is no weighting scheme to score with.",
            "- workers[1].hours: “lots” is not a number.",
        ]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "must hold fields such as as_of, scheme, workers and cases."),
            (b"- a\n- b\n", "must hold fields such as as_of, scheme, workers and cases."),
            (b"\xff\xfe\x00\x01", "is not a text file in UTF-8."),
            (b"as_of: 2026-11-22\nscheme: [1,\n", "is not YAML that can be read in line 3"),
            (b"as_of: 2026-02-31\n", "is not YAML that can be read: day is out of range for month."),
            (b"as_of: 2026-11-22\nas_of: 2026-11-23\n", "in line 2: “as_of” is there twice."),
            (b"as_of: !!python/object:os.system x\n", "is not YAML that can be read in line 1"),
            (b"? [a]\n: b\n", "is not YAML that can be read in line 1: found unhashable key."),
            (b"a: " + b"[" * 1000, "is nested too deeply."),
            (b"#" * (LARGEST + 1), "is larger than 5 MB"),
        ],
    )
    def test_file_that_is_no_scenario_is_refused(self, tmp_path: Path, content: bytes, sentence: str) -> None:
        path = tmp_path / "file.yaml"
        path.write_bytes(content)
        assert sentence in refused(path)

    def test_missing_file_and_folder_are_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "none.yaml").endswith("cannot be read: No such file or directory.")
        assert refused(tmp_path).endswith("cannot be read: Is a directory.")

    def test_byte_order_mark_is_no_fault(self, tmp_path: Path) -> None:
        path = tmp_path / "file.yaml"
        path.write_text("\ufeff" + EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        assert run(str(path)) == run(str(EXAMPLE))


class TestGuide:
    def test_smallest_example_of_the_guide_scores(self) -> None:
        (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
        scenario = parse(yaml.safe_load(block))
        found = as_object(score(scenario.scheme, scenario.inputs, as_of=scenario.as_of))
        assert (found["workers"][0]["load"], found["workers"][0]["capacity"]) == ("19.00", "90.00")
        assert [row["reference"] for row in found["unallocated"]] == ["C2"]

    @pytest.mark.parametrize("part", ["workers", "reductions", "cases", "allocations", "history"])
    def test_every_field_is_in_the_guide(self, part: str) -> None:
        (sentence,) = [fault for fault in faults(**{part: [{"wxyz": 1}]}) if "wxyz" in fault]
        known = set(re.findall(r"`(\w+)", GUIDE)) | ALIASES
        assert set(sentence.partition("there are ")[2].rstrip(".").split(", ")) <= known

    def test_fields_of_the_scheme_are_in_the_guide(self) -> None:
        (sentence,) = faults(scheme=SCHEME | {"wxyz": 1})
        known = set(re.findall(r"`(\w+)", GUIDE)) | ALIASES
        assert set(sentence.partition("there are ")[2].rstrip(".").split(", ")) <= known


ALIASES = {
    *("contracted", "contracted_hours", "weekly_hours", "career_stage", "career_stages", "stage_shares", "stable_load"),
    *("starts_on", "ends_on", "from", "until", "opened", "closed", "override", "times", "family_reference", "factor"),
    *("joint_working_uplift", "uplift", "complexity_factors"),
}


class TestUnderstood:
    def test_words_and_numbers_are_read_however_they_are_written(self) -> None:
        found = first(
            workers=[
                {"NAME": " Asha ", "Contracted-Hours": "18.50", "Career Stage": "Newly-Qualified", "registered": "no"}
            ],
            cases=[
                {"Reference": 7, "category": "COURT", "factors": "Long-Travel", "held by": "Asha"},
                {
                    "reference": "C",
                    "category": "visit",
                    "factors": ["further child", {"further child": 2}],
                    "worker": "Asha",
                },
            ],
            reductions=[{"worker": "Asha", "Percent": "10 %", "until": "23/11/2026"}],
        )
        assert (found["load"], found["capacity"], found["stage"]) == ("25.25", "40.50", "NEWLY_QUALIFIED")
        assert [line["parts"] for line in found["lines"]] == [
            "court 10.50 + long travel 1.00",
            "visit 4.00 + further child 1.00 × 3",
        ]
        assert [flag["flag"] for flag in found["flags"]] == ["NEWLY_QUALIFIED_SOLE", "NOT_REGISTERED"]

    def test_lists_may_be_written_as_names(self) -> None:
        found = scored(
            workers={"Asha": {"hours": 37, "stage": "established"}},
            cases={"C1": {"category": "visit", "held_by": {"Asha": "60 %", "Ben": 40}}},
            reductions={"Asha": {"kind": "points", "amount": 5}},
        )
        assert (found["workers"][0]["load"], found["workers"][0]["capacity"]) == ("16.65", "95.00")
        assert [flag["flag"] for flag in found["teams"][0]["flags"]] == ["PART_NOT_HELD"]

    def test_cases_alike_are_numbered(self) -> None:
        found = first(cases=[{"count": 10, "category": "visit", "held_by": "Asha"}])
        assert [line["reference"] for line in found["lines"]][::9] == ["case 1 01", "case 1 10"]

    def test_case_without_category_or_rating_is_unrated(self) -> None:
        found = first(cases=[{"held_by": "Asha"}, {"category": "visit", "rated": "no", "held_by": "Asha"}])
        assert [line["unrated"] for line in found["lines"]] == [True, True]
        assert found["load"] == "25.00"

    def test_weight_set_by_hand_and_contest_are_shown(self) -> None:
        found = scored(cases=[{"category": "visit", "weight": 7.5, "contested": True, "held_by": "Asha"}])
        assert "Weight set by hand 7.50, contested" in as_text(found)

    def test_what_is_not_known_is_said_and_not_taken_as_zero(self) -> None:
        found = scored(workers=[{"name": "Asha", "hours": "not known"}], cases=[{"category": "odd"}])
        worker, team = found["workers"][0], found["teams"][0]
        assert (worker["load"], worker["band"], worker["band_level"]) == (None, "not known", None)
        assert worker["reason"] == "Contracted hours are not recorded. The career stage is not recorded."
        assert (team["load_pct"], team["band"], team["unallocated_not_known"]) == (None, "not known", 1)
        text = as_text(found)
        assert "Asha (Team): not known\n  Contracted hours are not recorded." in text
        assert "–  case 1: nobody holds it\n" in text

    def test_nothing_to_do_and_nobody_to_do_it_is_not_applicable(self) -> None:
        found = first(reductions=[{"worker": "Asha", "percent": 100}])
        assert (found["band"], found["load_pct"]) == ("not applicable", None)

    def test_several_teams_are_told_apart_by_who_works_where(self) -> None:
        found = scored(
            workers=[ASHA | {"team": "North"}, {"name": "Ben", "hours": 20, "stage": "established", "team": "South"}],
            cases=[
                {"reference": "A", "category": "visit", "held_by": "Asha"},
                {"reference": "B", "category": "visit", "held_by": "Ben"},
                {"reference": "C", "category": "visit", "team": "South", "opened_on": "2026-11-20"},
                {"reference": "D", "category": "visit", "team": "South", "held_by": "duty desk"},
            ],
        )
        assert [(row["team"], row["cases"], row["unallocated"]) for row in found["teams"]] == [
            ("North", 1, 0),
            ("South", 1, 2),
        ]
        assert "D: nobody holds it, in the name of duty desk" in as_text(found)
        assert "C: nobody holds it, waiting 2 days" in as_text(found)

    def test_worker_in_two_teams_holds_a_case_where_the_case_is(self) -> None:
        both = [ASHA | {"team": "North", "hours": 20}, ASHA | {"team": "South", "hours": 17}]
        found = scored(
            workers=both,
            cases=[{"reference": "A", "category": "visit", "team": "South"}],
            allocations=[{"case": "A", "worker": "Asha"}],
            reductions=[{"worker": "Asha", "team": "North", "hours": 1}],
            history=[{"worker": "Asha", "team": "North", "day": "2026-11-21", "well_over": "yes"}],
        )
        assert [(row["team"], row["cases"], row["capacity"]) for row in found["workers"]] == [
            ("North", 0, "51.35"),
            ("South", 1, "45.95"),
        ]

    def test_ended_allocation_does_not_count_and_shares_may_pass_100_by_the_uplift(self) -> None:
        found = scored(
            scheme=SCHEME | {"joint_uplift": 20},
            workers=[ASHA, ASHA | {"name": "Ben"}, ASHA | {"name": "Cora", "from": "2026-11-23"}],
            cases=[{"reference": "A", "category": "visit"}],
            allocations=[
                {"case": "A", "worker": "Asha", "share": 60},
                {"case": "A", "worker": "Ben", "share": 60},
                {"case": "A", "worker": "Ben", "ended_on": "2026-11-22"},
                {"case": "A", "worker": "Cora", "started_on": "2026-11-23"},
            ],
        )
        assert [line["line"] for worker in found["workers"] for line in worker["lines"]] == ["2.40", "2.40"]

    def test_moment_stands_for_its_day(self) -> None:
        moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
        assert scored(as_of=moment)["as_of"] == "2026-11-22"

    def test_supervision_that_was_due_is_flagged(self) -> None:
        asha = {"name": "Asha", "hours": 37, "stage": "established", "supervision_due_on": "21/11/2026"}
        ben = asha | {"name": "Ben", "supervision_due_on": "2026-11-22"}
        found = scored(as_of="2026-11-22", workers=[asha, ben], cases=[])
        raised = {worker["worker"]: [flag["flag"] for flag in worker["flags"]] for worker in found["workers"]}
        assert raised == {"Asha": ["SUPERVISION_OVERDUE"], "Ben": []}

    def test_plain_cases_weigh_one(self) -> None:
        plain = {"unit": "cases", "maximum": 15, "full_time_hours": 37, "categories": {"child": {}, "adult": None}}
        found = first(scheme=plain, cases=[{"count": 3, "category": "child", "held_by": "Asha"}, {"held_by": "Asha"}])
        assert (found["load"], found["capacity"]) == ("4.00", "15.00")

    def test_bands_may_be_named_by_the_employer(self) -> None:
        bands = {"room": 0, "over": "80.5"}
        own = [{"name": "green", "level": "room", "from": 0}, {"name": "red", "level": "well over", "from": 15}]
        assert first(scheme=SCHEME | {"bands": bands})["band"] == "room"
        found = first(scheme=SCHEME | {"bands": own})
        assert (found["band"], found["band_level"]) == ("red", BandLevel.WELL_OVER)


class TestRefused:
    @pytest.mark.parametrize(
        ("parts", "sentences"),
        [
            ({"as_of": None}, ["as_of: say for which day to score, such as as_of: 2026-11-22."]),
            ({"scheme": None}, ["scheme: there is no weighting scheme to score with."]),
            ({"scheme": 5}, ["scheme: there is no weighting scheme to score with."]),
            ({"wurkers": []}, ["wurkers: there is no such field; did you mean workers?"]),
            ({"workers": "Asha"}, ["workers: “Asha” is not a list."]),
            ({"workers": ["Asha"]}, ["workers[1]: “Asha” is not a list of fields with values."]),
            ({"workers": {"Asha": 37}}, ["workers[1]: “37” is not a list of fields with values."]),
            ({"workers": [{"hours": 37}]}, ["workers[1].name: every worker needs a name."]),
            ({"workers": [{"name": ["a"]}]}, None),
            ({"workers": [ASHA | {"hours": "18,5"}]}, ["workers[1].hours: “18,5” is not a number."]),
            ({"workers": [ASHA | {"hours": True}]}, ["workers[1].hours: “True” is not a number."]),
            ({"workers": [ASHA | {"hours": float("nan")}]}, ["workers[1].hours: “nan” is not a number."]),
            ({"workers": [ASHA | {"hours": 10**9}]}, ["workers[1].hours: “1000000000” is beyond 100000."]),
            (
                {"workers": [ASHA | {"hours": 18.555}]},
                ["workers[1].hours: “18.555” must be a number with at most 2 decimal places."],
            ),
            (
                {"workers": [ASHA | {"registered": "perhaps"}]},
                ["workers[1].registered: “perhaps” is neither yes nor no."],
            ),
            ({"workers": [ASHA | {"from": "May"}]}, ["workers[1].started_on: “May” is not a date like 2026-11-22."]),
            ({"reductions": [{"worker": "Bob", "percent": 5}]}, ["reductions[1].worker: there is no worker “Bob”."]),
            (
                {"reductions": [{"worker": "Asha"}]},
                ["reductions[1].amount: give one amount: percent, hours (a week) or points."],
            ),
            (
                {"reductions": [{"worker": "Asha", "percent": 5, "points": 5}]},
                ["reductions[1].amount: give one amount: percent, hours (a week) or points."],
            ),
            (
                {"reductions": [{"worker": "Asha", "kind": "weeks", "amount": 5}]},
                [
                    "reductions[1].kind: “weeks” is not one of percent, hours, points.",
                    "reductions[1].amount: give one amount: percent, hours (a week) or points.",
                ],
            ),
            (
                {"reductions": [{"worker": "Asha", "team": "X", "percent": 5}]},
                ["reductions[1].team: “Asha” has no contract in a team “X”."],
            ),
            ({"cases": [{"count": 0}]}, ["cases[1].count: must be from 1 to 10000."]),
            ({"cases": [{"count": 20_000}]}, ["cases[1].count: must be from 1 to 10000."]),
            ({"cases": [{"share": 50}]}, None),
            ({"workers": [None]}, ["workers[1]: nothing is not a list of fields with values."]),
            ({"workers": [ASHA | {"Hours": 20}]}, ["workers[1].hours: this field is there more than once."]),
            (
                {"workers": [ASHA | {"weekly_hours": 20}]},
                ["workers[1].weekly_hours: this says the same as hours; give one of them."],
            ),
            ({"workers": 37}, ["workers: “37” is not a list."]),
            ({"cases": [{"count": "many"}]}, None),
            ({"cases": [{"factors": [["a"]]}]}, ["cases[1].factors: “['a']” is not the code of a factor."]),
            ({"cases": [{"held_by": ["Asha", "Ben"]}]}, ["cases[1].held_by: “['Asha', 'Ben']” is not a name."]),
            (
                {"cases": [{"reference": "A"}, {"reference": "A"}]},
                ["cases[2].reference: there is another case “A”."],
            ),
            ({"cases": [{"factors": {"long travel": 1.5}}]}, None),
            ({"allocations": [{"case": "A", "worker": "Asha"}]}, ["allocations[1].case: there is no case “A”."]),
            (
                {"cases": [{"reference": "A"}], "allocations": [{"case": "A"}]},
                ["allocations[1].worker: say who holds the case."],
            ),
            (
                {"cases": [{"reference": "A", "held_by": {"Asha": 60, "Ben": 60}}]},
                ["allocations: the shares of “A” add up to 120 %, above 100 %."],
            ),
            (
                {
                    "scheme": SCHEME | {"joint_uplift": 20},
                    "workers": [ASHA | {"team": "N"}, ASHA | {"team": "S"}],
                    "cases": [{"reference": "A", "team": "N"}],
                    "allocations": [{"case": "A", "worker": "Asha", "team": team, "share": 60} for team in ("N", "S")],
                },
                ["allocations: the shares of “A” add up to 120 %, above 100 %."],
            ),
            (
                {
                    "workers": [ASHA | {"team": "N"}, ASHA | {"team": "S"}],
                    "cases": [{"reference": "A", "held_by": "Asha"}],
                    "reductions": [{"worker": "Asha", "percent": 5}],
                },
                [
                    "reductions[1].team: say which team: “Asha” works in N, S.",
                    "cases[1].team: say which team: “Asha” works in N, S.",
                    "cases[1].team: say which team owns “A”: N, S.",
                ],
            ),
        ],
    )
    def test_part_that_cannot_be_read(self, parts: dict[str, Any], sentences: list[str] | None) -> None:
        found = faults(**parts)
        if sentences is not None:
            assert found == sentences
        assert all(re.match(r"[\w\[\]. ]+: .+[.?]$", fault) for fault in found)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"maximum": None}, "scheme.maximum: a number is needed."),
            ({"maximum": 0}, "scheme: The maximum must be more than zero."),
            ({"unit": "tokens"}, "scheme.unit: “tokens” is not one of points, hours, cases."),
            ({"categories": ["visit"]}, "scheme.categories: “['visit']” is not a list of names with values."),
            ({"categories": {"visit": None}}, "scheme.categories.visit.weight: a number is needed."),
            (
                {"factors": {"far": {"poins": 1}}},
                "scheme.factors.far.poins: there is no such field; did you mean points?",
            ),
            ({"bands": 5}, "scheme.bands: “5” is not a list."),
            ({"bands": [{"name": "room"}]}, "scheme.bands[1].from: a load % is needed."),
            (
                {"bands": {"green": 0}},
                "scheme.bands[1].level: say which level “green” is: room, near, over, well over.",
            ),
            ({"sibling_share": 49.5}, "scheme.sibling_share: “49.5” must be a number without decimal places."),
            ({"stages": {"student": "half"}}, "scheme.stages.student: “half” is not a number."),
            ({"name": "x" * 50, "version": {}}, "scheme.version: “{}” is not a name."),
        ],
    )
    def test_scheme_that_cannot_be_read(self, changes: dict[str, Any], sentence: str) -> None:
        assert sentence in faults(scheme=SCHEME | changes)

    def test_long_values_are_quoted_short(self) -> None:
        assert faults(workers=[ASHA | {"hours": "x" * 100}]) == [f"workers[1].hours: “{'x' * 40}…” is not a number."]
