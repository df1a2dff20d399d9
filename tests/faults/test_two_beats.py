"""Two beats at once, as after a careless deploy: everything is asked for twice and done once."""

from collections.abc import Callable

from django.utils import timezone

from teams.actions.letters import write
from teams.models import AccountLetter, User
from tests.faults.house import House, until
from tests.faults.jobs import calm, nothing_left, scoring
from tests.faults.picture import picture
from tests.faults.post import Post


def test_everything_is_done_once(house: House, renewed: Callable[[], None]) -> None:
    house.start_what_is_missing("worker")
    wanted = calm(house, scoring)
    renewed()
    house.start_beat("one")
    house.start_beat("two")
    try:
        until(nothing_left, "everything done", patience=120, between=0.5)
    finally:
        house.kill("one")
        house.kill("two")
    assert picture() == wanted.picture


def test_every_letter_is_sent_once(house: House) -> None:
    """By two workers and two beats."""
    if "worker" in house.children:  # it would write letters to its log
        house.kill("worker")
    with Post() as post:
        house.more = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.port), "EMAIL_USE_TLS": "0"}
        names = ("first", "second")
        try:
            for name in names:
                house.start_worker(f"{name}-worker")
                house.start_beat(f"{name}-beat")
            addresses = [f"{name}@example.org" for name in ("ben", "cora", "dev", "ewa", "hana")]
            for address in addresses:
                user = User.objects.get(username=address.split("@")[0])
                User.objects.filter(pk=user.pk).update(email=address)
                user.refresh_from_db()
                write(user, AccountLetter.Kind.CHANGED, words="your password", at=timezone.now())
            until(lambda: not AccountLetter.objects.filter(sent_at=None).exists(), "letters claimed", patience=120)
            until(lambda: len(post.recipients) >= len(addresses), "letters sent", patience=60)
        finally:
            house.more = {}
            for name in names:
                for role in ("worker", "beat"):
                    house.kill(f"{name}-{role}")
    assert sorted(post.recipients) == sorted(addresses)
