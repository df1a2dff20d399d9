"""A cycle for the tests: opened, its figures taken, and moved on by the people whose turn it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from checks import figure_taking
from checks.actions import answers, cycles, follow_up, moves
from checks.actions.answers import Said
from checks.actions.cycles import NewCycle
from checks.actions.doing import Doing
from checks.actions.follow_up import Planned
from checks.checking import Judgement
from checks.models import Answer, Cycle, HealthCheck
from checks.queries.answers import check_page
from standards.actions.publishing import publish_set
from standards.definition import Direction, Indicator, Kind, Standard, StandardSet, Thresholds
from standards.models import StandardSet as SetRow
from teams.models import Team, User
from tests.cast import AT, TODAY, Cast

EXAMPLE = "example — agree your own"


def indicator(code: str, kind: Kind = Kind.JUDGED, **changes: object) -> Indicator:
    fields: dict[str, object] = {
        "code": code,
        "kind": kind,
        "text": f"Statement {code} holds.",
        "expectation": "",
        "essential": False,
        "basis": "Made up for the tests",
    }
    return Indicator(**(fields | changes))  # type: ignore[arg-type]


def measured(code: str, measure: str, met: str, partly: str, **changes: object) -> Indicator:
    thresholds = Thresholds(Direction.AT_MOST, _number(met), _number(partly), EXAMPLE)
    return indicator(code, Kind.MEASURED, measure=measure, thresholds=thresholds, **changes)


def surveyed(code: str, scale: str) -> Indicator:
    thresholds = Thresholds(Direction.AT_LEAST, _number("75"), _number("51"), EXAMPLE)
    return indicator(code, Kind.SURVEYED, scale=scale, thresholds=thresholds)


def _number(text: str) -> Decimal:
    return Decimal(text)


SMALL = StandardSet(
    id="small",
    version="1",
    title="A small set",
    publisher="Nobody",
    jurisdiction="England",
    source="Made up",
    licence="Ours",
    effective="Always",
    effective_on=TODAY - timedelta(days=400),
    completeness="Whole",
    standards=(
        Standard(
            "1",
            "Workload",
            "Made up",
            "Whole",
            "",
            (),
            (
                measured("unallocated", "unallocated_cases", "0", "5", essential=True),
                measured("well-over", "workers_well_over", "0", "1"),
                indicator("fair"),
            ),
        ),
        Standard("2", "Wellbeing", "Made up", "Whole", "", (), (indicator("space"),)),
    ),
)


WELL_OVER = indicator(
    "well-over",
    Kind.MEASURED,
    essential=True,
    measure="workers_well_over",
    thresholds=Thresholds(Direction.AT_LEAST, _number("1"), _number("1"), EXAMPLE),
)
SINGLE = replace(
    SMALL,
    id="single",
    title="A set about single workers",
    standards=(
        Standard("1", "Both", "Made up", "Whole", "", (), (WELL_OVER, indicator("fair"))),
        Standard("2", "Alone", "Made up", "Whole", "", (), (replace(WELL_OVER, code="alone"),)),
    ),
)
"""What is found about single workers is not met, and all else is judged met."""


def small_set() -> SetRow:
    """The small set, published."""
    return _published(SMALL)


def single_set() -> SetRow:
    """The set about single workers, published."""
    return _published(SINGLE)


def _published(given: StandardSet) -> SetRow:
    publish_set(given=given, at=AT)
    return SetRow.objects.get(pack=given.id)


def doing(user: User, **changes: object) -> Doing:
    return Doing(user, AT, **changes)  # type: ignore[arg-type]


def new_cycle(name: str = "Autumn 2026", **changes: object) -> NewCycle:
    fields: dict[str, object] = {
        "name": name,
        "period_from": TODAY - timedelta(days=180),
        "period_to": TODAY,
        "measured_on": TODAY,
        "due_on": TODAY + timedelta(days=21),
        "fewest": 5,
    }
    if "standard_set" not in changes:
        fields["standard_set"] = small_set()
    return NewCycle(**(fields | changes))  # type: ignore[arg-type]


def opened(cast: Cast, *, teams: Sequence[Team] = (), **changes: object) -> Cycle:
    """A cycle that is open, with its figures taken."""
    chosen = teams or (cast.team,)
    cycle = cycles.open_cycle(employer=cast.employer, new=new_cycle(**changes), teams=chosen, doing=doing(cast.cora))  # type: ignore[arg-type]
    figure_taking.open_checks(cycle_id=cycle.pk, at=AT)
    cycle.refresh_from_db()
    return cycle


def check_of(cycle: Cycle, team: Team) -> HealthCheck:
    rows = HealthCheck.objects.select_related("employer", "cycle__standard_set", "team__employer", "team__service_area")
    return rows.get(cycle=cycle, team=team)


def answer_of(check: HealthCheck, code: str) -> Answer:
    answer = check.answers.get(indicator=code)
    answer.check_of = check
    return answer


def say(
    cast: Cast,
    check: HealthCheck,
    code: str,
    judgement: Judgement | None,
    *,
    words: str = "We see it",
    reason: str = "",
) -> Answer:
    said = Said(judgement, words, reason, None)
    return answers.save_answer(answer=answer_of(check, code), said=said, doing=doing(cast.ben))


def complete(cast: Cast, check: HealthCheck) -> None:
    """Answer everything that is judged, and plan an action for what is not met."""
    page = check_page(check, cast.ben, as_of=TODAY)
    for row in page.rows:
        if row.judged_only:
            say(cast, check, row.indicator.code, Judgement.MET)
        elif row.final == "NOT_MET":
            follow_up.plan(
                answer=answer_of(check, row.indicator.code), about="It", planned=an_action(cast), doing=doing(cast.ben)
            )


def an_action(cast: Cast) -> Planned:
    return Planned("Cases go to Kestrel Team", cast.ben, TODAY + timedelta(days=30), "Nobody is well over")


def finish(cast: Cast, check: HealthCheck) -> None:
    """Complete an open check and move it on until it is published."""
    complete(cast, check)
    moves.submit(check=check, words="", doing=doing(cast.ben))
    moves.accept(check=check, words="", doing=doing(cast.cora))
    moves.sign(check=check, words="", doing=doing(cast.dev))
    moves.publish(check=check, words="We looked at everything together.", doing=doing(cast.dev))
    check.refresh_from_db()


def submitted(cast: Cast) -> HealthCheck:
    check = check_of(opened(cast), cast.team)
    complete(cast, check)
    moves.submit(check=check, words="", doing=doing(cast.ben))
    check.refresh_from_db()
    return check


def accepted(cast: Cast) -> HealthCheck:
    check = submitted(cast)
    moves.accept(check=check, words="", doing=doing(cast.cora))
    check.refresh_from_db()
    return check


def signed(cast: Cast) -> HealthCheck:
    check = accepted(cast)
    moves.sign(check=check, words="", doing=doing(cast.dev))
    check.refresh_from_db()
    return check


def published(cast: Cast) -> HealthCheck:
    check = signed(cast)
    moves.publish(check=check, words="We looked at everything together.", doing=doing(cast.dev))
    check.refresh_from_db()
    return check
