"""The demo's duties: what the last days' red flags opened, some of it answered, and a concern that has gone up."""

from datetime import date, datetime, timedelta

from checks import duty_keeping
from checks.actions.doing import Doing
from checks.actions.duties import close, plan, raise_concern
from checks.models import Duty
from teams.models import Employer, Team, User, Worker

DAYS = (12, 8, 4)
CONCERN_AGO = timedelta(days=7)


def load_duties(employer: Employer, *, as_of: date, at: datetime) -> None:
    """Look through the past days that were scored, as the sweep would have."""
    for ago in DAYS:
        back = timedelta(days=ago)
        duty_keeping.keep_duties(employer_id=employer.pk, as_of=as_of - back, at=at - back)


def load_answers(team: Team, *, manager: User, as_of: date, at: datetime) -> None:
    """The manager has planned or closed two of three; a third waits."""
    doing = Doing(manager, at - timedelta(days=2))
    for number, duty in enumerate(Duty.objects.filter(team=team).select_related("team__employer").order_by("pk")):
        if number % 3 == 0:
            words = "Two cases move to a colleague, and no new ones until then"
            plan(duty=duty, words=words, by_day=as_of + timedelta(days=5 + number % 7), doing=doing)
        elif number % 3 == 1 and not duty.flag.startswith("WELL"):
            close(duty=duty, words="Looked at together in supervision; joint working agreed", doing=doing)


def load_concern(worker: Worker, *, team: Team, by: User, as_of: date, at: datetime) -> None:
    """A concern that nobody answered in time."""
    raise_concern(
        worker=worker,
        team=team,
        words="Three court reports fall due in one week and I have had no uninterrupted hour to write since September.",
        past_manager=False,
        doing=Doing(by, at - CONCERN_AGO),
    )
    duty_keeping.move_late_ones_up(as_of=as_of, at=at)
