"""What an import changes, in words: one line for each thing, and one sentence for the history of each case."""

from datetime import date
from decimal import Decimal

from caseloads.comparing import Changes, compare
from caseloads.import_lines import Line, fingerprint, lines_of, sentences
from caseloads.import_states import LEAVABLE, MOVES, pairs
from caseloads.intake.records import CaseRecord, Closure, Counts, Holding, Intake, Source, StaffRecord
from caseloads.stored import AllocationRow, CaseRow, ContractRow, RatingRow, Recorded, WorkerRow

DAY = date(2026, 3, 31)
BEGUN = date(2025, 1, 1)
WHERE = Source("cases", 2)


def record(reference: str, *held: Holding, category: str = "", team: str = "North", **said: object) -> CaseRecord:
    fields: dict[str, object] = {
        "reference": reference,
        "family_reference": "",
        "category": category,
        "factors": (),
        "opened_on": None,
        "team": team,
        "holdings": held,
        "rated_on": None,
        "source": WHERE,
    }
    return CaseRecord(**(fields | said))  # type: ignore[arg-type]


def by(worker: str, share: int = 100, *, team: str = "North", role: str = "LEAD") -> Holding:
    return Holding(team, worker, role, share)


def employee(worker: str, **said: object) -> StaffRecord:
    fields: dict[str, object] = dict.fromkeys(
        ("weekly_hours", "registered", "case_holding", "agency", "starts_on", "ends_on")
    )
    fields |= {"worker": worker, "staff_reference": "", "team": "North", "career_stage": "", "source": WHERE}
    return StaffRecord(**(fields | said))  # type: ignore[arg-type]


def recorded() -> Recorded:
    rows = Recorded(
        teams={1: "North", 2: "South"},
        workers=[WorkerRow(11, "Ann Able", career_stage="ESTABLISHED", registered=True), WorkerRow(12, "Bo Busy")],
        contracts=[
            ContractRow(21, 11, 1, Decimal("37.00"), BEGUN, None),
            ContractRow(22, 12, 1, Decimal("18.50"), BEGUN, None),
        ],
        cases={
            "C1": CaseRow(31, 1, "C1", "", "child_in_need", BEGUN, None),
            "C2": CaseRow(32, 1, "C2", "F1", "", BEGUN, date(2026, 1, 1)),
            "C3": CaseRow(33, 1, "C3", "", "child_in_need", BEGUN, None),
        },
        ratings={31: RatingRow("child_in_need", {"travel": 1}, BEGUN, None)},
    )
    rows.allocations[31].append(AllocationRow(41, 11, 1, "LEAD", 60, BEGUN, None))
    rows.allocations[31].append(AllocationRow(42, 12, 1, "CO_WORKER", 40, BEGUN, None))
    return rows


def lines(*cases: CaseRecord, closures: tuple[Closure, ...] = (), staff: tuple[StaffRecord, ...] = ()) -> list[Line]:
    rows = recorded()
    intake = Intake(Counts(), cases=cases, closures=closures, staff=staff)
    return lines_of(rows, compare(rows, intake, as_of=DAY, factors_given=True))


def said(*of: Line) -> list[tuple[str, str, str]]:
    return [(line.section, line.subject, line.text) for line in of]


HELD = (by("Ann Able", 60), by("Bo Busy", 40, role="CO_WORKER"))


def test_a_new_case_is_described_whole() -> None:
    new = record(
        "N1", by("Cy Calm"), category="court", factors=(("travel", 2),), opened_on=date(2026, 3, 2), team="East"
    )
    assert said(*lines(new, record("N2"))) == [
        ("CASES_ADDED", "N1", "court, opened 2 March 2026, East, held by Cy Calm, rated court (travel × 2)"),
        ("CASES_ADDED", "N2", "opened 31 March 2026, North, held by nobody"),
        ("WORKERS_ADDED", "Cy Calm", "career stage not known, registration not known"),
        ("TEAMS_ADDED", "East", "A new team."),
        ("MEMBERSHIPS", "Cy Calm", "joins North, hours not known, from 31 March 2026"),
    ]


def test_a_changed_case_says_old_and_new() -> None:
    changed = record(
        "C1", *HELD, category="court", factors=(("travel", 1),), team="South", family_reference="F9",
        opened_on=date(2025, 2, 1),
    )  # fmt: skip
    assert said(*lines(changed)) == [
        (
            "CASES_CHANGED",
            "C1",
            (
                "category child_in_need → court; team North → South; family none → F9; "
                "opened 1 January 2025 → 1 February 2025; rated court (travel × 1)"
            ),
        )
    ]


def test_a_case_that_is_only_rated_anew_is_changed() -> None:
    rated = record("C1", *HELD, category="child_in_need", factors=(("travel", 3),))
    assert said(*lines(rated)) == [("CASES_CHANGED", "C1", "rated child_in_need (travel × 3)")]


def test_closed_and_opened_again() -> None:
    reopened = record("C2", category="court")
    assert said(*lines(reopened, closures=(Closure("C3", date(2026, 3, 1), WHERE),))) == [
        ("CASES_REOPENED", "C2", "opened again; category none → court; rated court"),
        ("CASES_CLOSED", "C3", "closed on 1 March 2026"),
    ]


def test_a_case_that_changes_hands() -> None:
    alone = lines(record("C1", by("Ann Able"), category="child_in_need", factors=(("travel", 1),)))
    assert said(*alone) == [("ALLOCATIONS", "C1", "held by Ann Able (60 %) and Bo Busy (40 %) → Ann Able")]
    nobody = lines(record("C1", category="child_in_need", factors=(("travel", 1),)))
    assert nobody[0].text == "held by Ann Able (60 %) and Bo Busy (40 %) → nobody"
    assert lines(record("C3", by("Bo Busy")))[0].text == "held by nobody → Bo Busy"


def test_a_closed_case_is_left_by_its_workers() -> None:
    closed = lines(closures=(Closure("C1", None, WHERE),))
    assert [line.section for line in closed] == ["CASES_CLOSED", "ALLOCATIONS"]
    assert closed[1].text == "held by Ann Able (60 %) and Bo Busy (40 %) → nobody"


def test_people_and_their_hours() -> None:
    told = lines(
        staff=(
            employee("Ann Able", career_stage="EXPERIENCED", agency=True, staff_reference="S1", case_holding=False),
            employee("Bo Busy", weekly_hours=Decimal(30), registered=False),
            employee("Dee Deft", team="South", registered=True, weekly_hours=Decimal(20), ends_on=date(2026, 9, 1)),
        )
    )
    assert said(*told) == [
        ("WORKERS_ADDED", "Dee Deft", "career stage not known, registered"),
        (
            "WORKERS_CHANGED",
            "Ann Able",
            "established, registered → experienced, registered, agency, holds no cases, staff reference S1",
        ),
        ("WORKERS_CHANGED", "Bo Busy", ("career stage not known, registration not known → "
         "career stage not known, not registered")),
        (
            "MEMBERSHIPS",
            "Bo Busy",
            "North, 18.5 hours, from 1 January 2025 → North, 18.5 hours, from 1 January 2025 until 31 March 2026",
        ),
        ("MEMBERSHIPS", "Bo Busy", "joins North, 30 hours, from 31 March 2026"),
        ("MEMBERSHIPS", "Dee Deft", "joins South, 20 hours, from 31 March 2026 until 1 September 2026"),
    ]  # fmt: skip
    assert [line.team for line in told] == [2, 1, 1, 1, 1, 2]


def test_the_history_of_a_case_gets_one_sentence() -> None:
    told = lines(record("N1"), record("C1", category="court"), record("C2"), staff=(employee("Ann Able", agency=True),))
    assert sentences(told, file_name="cases.csv") == {
        -1: "Recorded by the import of cases.csv: opened 31 March 2026, North, held by nobody",
        31: (
            "Changed by the import of cases.csv: category child_in_need → court; rated court; "
            "held by Ann Able (60 %) and Bo Busy (40 %) → nobody"
        ),
        32: "Changed by the import of cases.csv: opened again",
    }


def test_the_fingerprint_is_of_the_lines() -> None:
    told = lines(record("N1"), record("C1"))
    assert fingerprint(told) == fingerprint(list(told)) != fingerprint(told[:1])
    assert lines_of(recorded(), Changes()) == []


def test_the_moves_are_between_states_of_the_table() -> None:
    assert {after for _, after in pairs()} <= set(MOVES)
    assert LEAVABLE == ("PENDING", "READING", "MAPPING", "PREVIEW")
