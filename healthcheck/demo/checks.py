"""The demo's health checks: two past cycles that are published, and one with a check in every state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from checks import figure_taking
from checks.actions import cycles, moves, publishing
from checks.actions.cycles import NewCycle
from checks.actions.doing import Doing
from checks.checking import CheckState, Judgement, Priority
from checks.findings import Finding
from checks.models import Action, ActionStep, Answer, Cycle, HealthCheck
from checks.queries.answer_rows import AnswerRow
from checks.queries.answers import check_page
from checks.queries.to_publish import what_to_publish
from standards.queries import rows_in_force
from teams.models import Employer, Team, User

FEWEST = 5
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
PACK = "england-2020"
HALF_A_YEAR = timedelta(days=182)
UNDER_WAY, LEFT = timedelta(days=30), timedelta(days=35)
SURVEYED, ANSWERED = timedelta(days=16), timedelta(days=17)
SUBMITTED, LOOKED_AT, SIGNED, PUBLISHED = (timedelta(days=days) for days in (18, 22, 25, 28))
WORDS = {
    Judgement.MET: (
        "In place since last year, written down and known to everybody in the team.",
        "Looked at together in the team meeting; nobody disagreed.",
        "It works as agreed. The notes of the last three meetings show it.",
    ),
    Judgement.PARTLY_MET: (
        "It works for most of the team, not yet for those who started this year.",
        "Agreed in spring and begun; half of it is done.",
        "In place, though it slips when two people are away at once.",
    ),
    Judgement.NOT_MET: (
        "Promised for two years, and still not here.",
        "Nobody could say who is responsible for it.",
        "There is a policy. Hardly anybody in the team has seen it work.",
    ),
}
ACTIONS = {
    "1": (
        "Put the purpose of the service on the first page of the induction",
        "Everybody who started since can say it",
    ),
    "2": ("Advertise the vacant posts together with the university", "Two posts are filled by summer"),
    "3": (
        "Share the work out anew with the neighbouring team, every second Monday",
        "Nobody is well over for four weeks",
    ),
    "4": ("Agree with the building manager on a quiet room and a rota for it", "The rota is used every week"),
    "5": ("Book supervision for the half-year, and move it only within the week", "Nobody is overdue for eight weeks"),
    "6": ("Keep the first Thursday of the month free for study", "Ten Thursdays of twelve were kept"),
    "7": ("Give an hour before the summer for writing down what was learnt", "Every registration is renewed in time"),
    "8": ("Ask two experienced workers to train as practice educators", "A student has a place next autumn"),
}
NO_ACTION = "It is decided for the whole council in the new year; a change of our own now would be undone by it"
TO_THE_PUBLIC = (
    "Twice a year we ask every social work team whether its work can be done safely, and hold the answers against "
    "national standards. This is what we found, team by team, and what we do about it."
)
REASON = "Two of the cases counted were given out this morning, after the figures were taken"


@dataclass(frozen=True)
class People:
    """Who does what in the demo's checks: answers by service area, and those who look at them."""

    answering: dict[int, User]
    psw: User
    director: User

    def of(self, team: Team) -> User:
        return self.answering[team.service_area_id]


def open_cycle(employer: Employer, *, ago: timedelta, people: People, as_of: date, at: datetime) -> Cycle:
    """A cycle for every team, opened some time ago, with its figures taken."""
    return _open(employer, list(employer.teams.all()), ago=ago, people=people, as_of=as_of, at=at)


def publish_all(cycle: Cycle, *, people: People, random: Random, at: datetime) -> None:
    """Answer every check of a cycle whose surveys are closed, and move it on until it is published."""
    for check in _checks(cycle):
        answer(check, part=1, random=random, people=people, at=at)
        move_on(check, to=CheckState.PUBLISHED, people=people, at=at)
    cycles.close_cycle(cycle=cycle, reason="Every check is published", doing=Doing(people.psw, at + timedelta(days=36)))
    _to_the_public(cycle, Doing(people.director, at + timedelta(days=37)))


def _to_the_public(cycle: Cycle, doing: Doing) -> None:
    """Let anybody read a finished cycle: every standard of it."""
    found = what_to_publish(cycle)
    chosen = [one["standard"] for one in found.content["findings"]]
    publishing.publish_cycle(cycle=cycle, words=TO_THE_PUBLIC, chosen=chosen, shown=found.fingerprint, doing=doing)


def spread(cycle: Cycle, *, own: Team, people: People, random: Random, at: datetime) -> None:
    """Bring the checks of the present cycle into every state there is; Ben's is half answered."""
    begun = at - UNDER_WAY
    states = [
        *(CheckState.PUBLISHED, CheckState.SIGNED, CheckState.ACCEPTED, CheckState.CHALLENGED),
        *(CheckState.SUBMITTED, CheckState.SUBMITTED, None),
    ]
    others = [check for check in _checks(cycle) if check.team_id != own.pk]
    for check, state in zip(others, states, strict=False):
        answer(check, part=1, random=random, people=people, at=begun)
        move_on(check, to=state or CheckState.SUBMITTED, people=people, at=begun)
        if state is None:
            words = "Please say in standard 3 what the team itself sees, and not only the figures"
            doing = Doing(people.psw, begun + LOOKED_AT)
            moves.return_check(check=check, words=words, doing=doing)
    (bens,) = [check for check in _checks(cycle) if check.team_id == own.pk]
    for check in (bens, others[len(states)]):
        answer(check, part=2, random=random, people=people, at=begun)


def season(day: date) -> str:
    """What a cycle of that day is called: Autumn 2026."""
    return f"{SEASONS[day.month % 12 // 3]} {day.year}"


def _open(
    employer: Employer, teams: Sequence[Team], *, ago: timedelta, people: People, as_of: date, at: datetime
) -> Cycle:
    day = as_of - ago
    (standards,) = (row for row in rows_in_force(employer, on=as_of) if row.pack == PACK)
    new = NewCycle(
        name=season(day),
        standard_set=standards,
        period_from=day - HALF_A_YEAR,
        period_to=day,
        measured_on=day,
        due_on=day + LEFT,
        fewest=FEWEST,
    )
    cycle = cycles.open_cycle(employer=employer, new=new, teams=teams, doing=Doing(people.psw, at - ago))
    figure_taking.open_checks(cycle_id=cycle.pk, at=at - ago)
    return Cycle.objects.select_related("employer", "standard_set").get(pk=cycle.pk)


def _checks(cycle: Cycle) -> list[HealthCheck]:
    rows = cycle.checks.select_related("employer", "cycle__standard_set", "team__employer", "team__service_area")
    return list(rows.order_by("team__name"))


def answer(check: HealthCheck, *, part: int, random: Random, people: People, at: datetime) -> None:
    """Answer every `part`-th judged indicator, and follow what is not met. Written in bulk, as a manager would have."""
    by, when = people.of(check.team), at + ANSWERED
    rows = check_page(check, by, as_of=when.date()).rows
    said = []
    for number, row in enumerate(row for row in rows if row.judged_only or _to_be_explained(row, random)):
        if number % part == 0:
            _say(row, random=random, by=by, at=when)
            said.append(row)
    Answer.objects.bulk_update(
        [row.answer for row in said],
        ["judgement", "commentary", "reason", "priority", "revision", "changed_at", "changed_by"],
    )
    not_met = [row for row in rows if row.final == Finding.NOT_MET and not row.actions]
    _follow([row for row in not_met if part == 1 or row in said], check, random=random, people=people, at=when)


def _to_be_explained(row: AnswerRow, random: Random) -> bool:
    """Once in a while the figures do not tell the whole story."""
    return row.final == Finding.PARTLY_MET and not row.judged_only and random.random() < 0.06


def _say(row: AnswerRow, *, random: Random, by: User, at: datetime) -> None:
    judgement = random.choices(list(Judgement), weights=[11, 5, 2])[0] if row.judged_only else Judgement.MET
    row.answer.judgement = judgement.value
    row.answer.commentary = random.choice(WORDS[judgement])
    row.answer.reason = "" if row.judged_only else REASON
    row.answer.priority = random.choice(list(Priority)).value if judgement != Judgement.MET else ""
    row.answer.revision, row.answer.changed_at, row.answer.changed_by = 1, at, by


def _follow(rows: Sequence[AnswerRow], check: HealthCheck, *, random: Random, people: People, at: datetime) -> None:
    actions = Action.objects.bulk_create(_actions(rows, check, random=random, people=people, at=at))
    ActionStep.objects.bulk_create(
        ActionStep(action=action, number=1, state="OPEN", words=action.words, at=at, by=people.of(check.team))
        for action in actions
    )


def _actions(
    rows: Sequence[AnswerRow], check: HealthCheck, *, random: Random, people: People, at: datetime
) -> Iterator[Action]:
    for row in rows:
        words, success = ACTIONS[row.standard.code]
        acts = random.random() < 0.8
        yield Action(
            employer=check.employer,
            team=check.team,
            check_of=check,
            pack=check.cycle.standard_set.pack,
            standard=row.standard.code,
            indicator=row.indicator.code,
            about=row.indicator.text,
            acts=acts,
            words=words if acts else NO_ACTION,
            success=success if acts else "",
            owner=people.of(check.team) if acts else None,
            due_on=at.date() + timedelta(days=random.randint(40, 200)) if acts else None,
            opened_on=at.date(),
            steps_taken=1,
        )


def finish_most(cycle: Cycle, *, random: Random, at: datetime) -> None:
    """Most actions of a past cycle have been done by now, one in ten was stopped; the others are still open."""
    rows = list(Action.objects.filter(check_of__cycle=cycle, acts=True, state="OPEN").select_related("owner"))
    closed = []
    for action in rows:
        state = random.choices(["DONE", "STOPPED", "OPEN"], weights=[6, 1, 3])[0]
        if state != "OPEN":
            action.state, action.closed_on, action.steps_taken = state, at.date(), 2
            closed.append(action)
    Action.objects.bulk_update(closed, ["state", "closed_on", "steps_taken"])
    said = {"DONE": "Done, and seen to work", "STOPPED": "Stopped: the council does it for everybody now"}
    ActionStep.objects.bulk_create(
        ActionStep(action=one, number=2, state=one.state, words=said[one.state], at=at, by=one.owner) for one in closed
    )


def move_on(check: HealthCheck, *, to: CheckState, people: People, at: datetime) -> None:
    """Move an answered check on, a step a week, as far as a state."""
    by = people.of(check.team)
    moves.submit(check=check, words="", doing=Doing(by, at + SUBMITTED))
    if to == CheckState.SUBMITTED:
        return
    later = Doing(people.psw, at + LOOKED_AT)
    if to == CheckState.CHALLENGED:
        row = check.answers.filter(kind="JUDGED", judgement="MET").order_by("number").first()
        if row is not None:
            row.check_of = check
            question = "Two people told us otherwise in the staff meeting. What did they see that you did not?"
            moves.challenge(answer=row, question=question, suggested=Judgement.PARTLY_MET, doing=later)
        return
    moves.accept(check=check, words="", doing=later)
    if to == CheckState.ACCEPTED:
        return
    moves.sign(check=check, words="", doing=Doing(people.director, at + SIGNED))
    if to == CheckState.PUBLISHED:
        words = "We looked at this team’s work with its staff. What is not met is followed by the actions below."
        moves.publish(check=check, words=words, doing=Doing(people.director, at + PUBLISHED))
