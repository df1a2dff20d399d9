"""A cycle for the tests that the public may read: Ben's team is large enough, and its check is published."""

from checks.actions.publishing import publish_cycle
from checks.models import Cycle, Publication
from checks.queries.to_publish import what_to_publish
from teams.actions.setting_up import add_workers
from tests.cast import AT, Cast, new_worker
from tests.integration.checks import rounds


def grown(cast: Cast) -> None:
    """Ben's team has six people who hold cases."""
    add_workers(
        employer=cast.employer, workers=[new_worker(f"{name} Test", cast.team) for name in "XYZ"], by=None, at=AT
    )


def to_publish(cast: Cast) -> Cycle:
    """A cycle with one published check, of a team that is large enough."""
    grown(cast)
    return rounds.published(cast).cycle


def publish(cast: Cast, cycle: Cycle, *, words: str = "We looked at every team.", **changes: object) -> Publication:
    fields: dict[str, object] = {
        "words": words,
        "chosen": ["1", "2"],
        "shown": what_to_publish(cycle).fingerprint,
        "doing": rounds.doing(cast.dev),
    }
    return publish_cycle(cycle=cycle, **(fields | changes))  # type: ignore[arg-type]


def published(cast: Cast) -> Publication:
    return publish(cast, to_publish(cast))
