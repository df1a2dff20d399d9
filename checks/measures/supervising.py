"""Supervision: in time, long enough, reflective, and by whom. Pure. Source: docs/supervision.md."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from checks.facts import Row, Session, TeamFacts
from checks.measures.measure import Line, Measure, Measured, MeasureUnit, by, share, told, yes_or_no
from design import figures
from standards.definition import Direction

MINUTES = 90
NO_SESSION = "No supervision of the last 91 days is recorded."


def _standings(workers: Sequence[Row]) -> list[Line]:
    """Each worker, those overdue first."""
    rank = {False: 0, True: 1, None: 2}
    ordered = sorted(workers, key=lambda row: (rank[row["supervised"]], *by(row, "name", "worker")))
    return [(row["name"], yes_or_no(row["supervised"]), *_counts(row)) for row in ordered]


def _counts(row: Row) -> tuple[str, str]:
    return str(row["sessions"] or 0), str(row["in_full"] or 0)


STANDINGS = ("Worker", "In time", "Sessions in 91 days", "Of these in full")


def _in_time(facts: TeamFacts) -> Measured:
    known = [row for row in facts.workers if row["supervised"] is not None]
    lines = _standings(facts.workers)
    if not known:
        reason = "No supervision is recorded of which it can be told whether it is in time."
        return told(None, [reason], STANDINGS, lines)
    missing = len(facts.workers) - len(known)
    note = f"Away, held as agreed or not known: {missing} of {len(facts.workers)} workers." if missing else ""
    value = share(sum(row["supervised"] for row in known), len(known))
    return told(value, [note], STANDINGS, lines)


def _in_full(facts: TeamFacts) -> Measured:
    sessions, in_full = (sum(row[name] or 0 for row in facts.workers) for name in ("sessions", "in_full"))
    value = share(in_full, sessions) if sessions else None
    return told(value, [] if sessions else [NO_SESSION], STANDINGS, _standings(facts.workers))


HELD = ("Worker", "Held on", "Minutes", "Interrupted", "Reflective", "By a registered social worker")


def _lines(sessions: Iterable[Session], facts: TeamFacts) -> list[Line]:
    """Each session, the newest first."""
    name = facts.recorded.name
    ordered = sorted(sessions, key=lambda one: (-one.held_on.toordinal(), name(one.worker), one.worker, repr(one)))
    return [
        (
            name(one.worker),
            figures.day(one.held_on),
            str(one.minutes),
            yes_or_no(one.interrupted),
            yes_or_no(one.reflective),
            yes_or_no(one.by_registered),
        )
        for one in ordered
    ]


def _own(facts: TeamFacts) -> list[Session]:
    """Return the sessions of the team's case-holding workers."""
    workers = {row["worker"] for row in facts.workers}
    return [session for session in facts.recorded.sessions if session.worker in workers]


def _of_sessions(facts: TeamFacts, counted: Sequence[Session]) -> Measured:
    own = _own(facts)
    if not own:
        return Measured(None, NO_SESSION)
    return told(share(len(counted), len(own)), [], HELD, _lines(own, facts))


def _ninety_minutes(facts: TeamFacts) -> Measured:
    return _of_sessions(facts, [one for one in _own(facts) if one.minutes >= MINUTES and not one.interrupted])


def _reflective(facts: TeamFacts) -> Measured:
    return _of_sessions(facts, [one for one in _own(facts) if one.reflective])


def _professional(facts: TeamFacts) -> Measured:
    """Of the registered workers whose sessions say who held them, those who had one by a registered social worker."""
    registered = {row["worker"] for row in facts.workers if row["registered"]}
    sessions = [session for session in _own(facts) if session.worker in registered]
    told_of: dict[int, list[bool]] = defaultdict(list)
    for session in sessions:
        if session.by_registered is not None:
            told_of[session.worker].append(session.by_registered)
    missing = len(registered) - len(told_of)
    note = f"Not known: {missing} of {len(registered)} registered workers." if missing else ""
    lines = _lines(sessions, facts)
    if not told_of:
        reason = "Of no registered worker is it recorded whether a registered social worker supervised them."
        return told(None, [reason], HELD, lines)
    value = share(sum(any(held) for held in told_of.values()), len(told_of))
    return told(value, [note], HELD, lines)


STANDARD_5 = "Employer standards for England 2020, standard 5; our own measure, after docs/supervision.md"
LOG = "Record of every supervision session how long it lasted and whether it was interrupted."
MEASURES = (
    Measure(
        name="supervision_on_time_pct",
        title="Supervision in time",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × case-holding workers whose next supervision is not overdue ÷ those for whom a day is due",
        source=STANDARD_5,
        needs="A supervision log; contracts with first days, career stages and absences of the workers.",
        record="Record the day of every supervision session, and the career stage of every worker.",
        take=_in_time,
        about_workers=True,
    ),
    Measure(
        name="supervision_in_full_pct",
        title="Supervision long enough and not interrupted",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × sessions of 91 days that were not interrupted and no shorter than the employer's rule for the "
        "worker's career stage says ÷ all of them",
        source=STANDARD_5,
        needs="A supervision log with minutes and interruptions; career stages.",
        record=LOG,
        take=_in_full,
    ),
    Measure(
        name="supervision_90_minutes_pct",
        title="Supervision of 90 minutes without interruption",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × sessions of 91 days that lasted 90 minutes or longer and were not interrupted ÷ all of them",
        source=STANDARD_5,
        needs="A supervision log with minutes and interruptions.",
        record=LOG,
        take=_ninety_minutes,
    ),
    Measure(
        name="supervision_reflective_pct",
        title="Reflective supervision",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × sessions of 91 days that had time for reflection ÷ all of them",
        source=STANDARD_5,
        needs="A supervision log that says of each session whether it was reflective.",
        record="Record of every supervision session whether it had time for reflection.",
        take=_reflective,
    ),
    Measure(
        name="professional_supervision_pct",
        title="Supervision by a registered social worker",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × registered workers with a session of 91 days that a registered social worker held, the line "
        "manager or, where the manager is not one, somebody else ÷ those of whose sessions it is recorded",
        source=STANDARD_5,
        needs="A supervision log that says of each session whether the supervisor was a registered social worker.",
        record="Record of every supervision session whether the supervisor is a registered social worker.",
        take=_professional,
        about_workers=True,
    ),
)
