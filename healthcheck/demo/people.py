"""Who works for the demo employer. Every name is made up, and looks it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, product
from random import Random

from teams.actions.setting_up import NewContract, NewReduction, NewWorker
from teams.models import CapacityReduction, CareerStage, Team

FIRST = (
    *("Alder", "Aspen", "Avocet", "Basil", "Bay", "Briar", "Bryony", "Cedar", "Clover", "Coral", "Crane", "Curlew"),
    *("Dale", "Dove", "Elder", "Elm", "Fern", "Finch", "Flint", "Gorse"),
)
LAST = (
    *("Demoford", "Exampleton", "Fictionby", "Inventwick", "Madeupson"),
    *("Placehold", "Pretendham", "Samplewood", "Specimen", "Testbury"),
)
REASONS = (
    (CapacityReduction.Kind.PERCENT, "20", "Phased return to work"),
    (CapacityReduction.Kind.PERCENT, "10", "Practice educator"),
    (CapacityReduction.Kind.HOURS, "3.75", "Union representative"),
    (CapacityReduction.Kind.HOURS, "7.5", "Study day"),
    (CapacityReduction.Kind.POINTS, "8", "Duty rota lead"),
)
ABSENT = (CapacityReduction.Kind.PERCENT, "100", "Long-term sickness absence")
HOURS = ("37", "37", "37", "37", "37", "30", "22.5", "18.5")


@dataclass(frozen=True)
class Post:
    """A place in a team: what stage, how registered."""

    stage: CareerStage
    registered: bool


POSTS = (
    Post(CareerStage.EXPERIENCED, registered=True),
    Post(CareerStage.EXPERIENCED, registered=True),
    Post(CareerStage.ESTABLISHED, registered=True),
    Post(CareerStage.ESTABLISHED, registered=True),
    Post(CareerStage.ESTABLISHED, registered=True),
    Post(CareerStage.NEWLY_QUALIFIED, registered=True),
    Post(CareerStage.UNQUALIFIED, registered=False),
    Post(CareerStage.ESTABLISHED, registered=True),
    Post(CareerStage.ESTABLISHED, registered=True),
)


def made_up_names(random: Random) -> Iterator[str]:
    names = [f"{first} {last}" for first, last in product(FIRST, LAST)]
    random.shuffle(names)
    return iter(names)


@dataclass(frozen=True)
class Oddities:
    """What a team has beside the usual: named people first, somebody shared with another team, hours not known."""

    named: Sequence[str] = ()
    shared_with: Team | None = None
    hours_not_known: bool = False


def workers_of(
    team: Team, *, number: int, names: Iterator[str], random: Random, as_of: date, odd: Oddities
) -> list[NewWorker]:
    """A manager who holds no cases, then eight or nine case holders."""
    begun = as_of - timedelta(days=random.randint(500, 1500))
    next_name = chain(odd.named, names)
    manager = NewWorker(
        name=next(next_name),
        staff_reference=f"S{number:02}00",
        career_stage=CareerStage.EXPERIENCED,
        registered=True,
        case_holding=False,
        contracts=(NewContract(team, Decimal(37), begun),),
    )
    posts = POSTS[: 8 + number % 2]
    holders = [
        _worker(team, post, name=next(next_name), reference=f"S{number:02}{place:02}", random=random, as_of=as_of)
        for place, post in enumerate(posts, start=1)
    ]
    if odd.named:
        holders[0] = _social_worker(team, name=holders[0].name, reference=holders[0].staff_reference, as_of=as_of)
    if odd.shared_with is not None:
        half = (NewContract(shared, Decimal("18.5"), begun) for shared in (team, odd.shared_with))
        holders[1] = replace(holders[1], contracts=tuple(half))
    if odd.hours_not_known:
        holders[-1] = replace(holders[-1], contracts=(NewContract(team, None, begun),))
    return [manager, *holders]


def _social_worker(team: Team, *, name: str, reference: str, as_of: date) -> NewWorker:
    """Asha: full time, established, with relief for a student on placement."""
    return NewWorker(
        name=name,
        staff_reference=reference,
        career_stage=CareerStage.ESTABLISHED,
        registered=True,
        contracts=(NewContract(team, Decimal(37), as_of - timedelta(days=800)),),
        reductions=(
            NewReduction(
                team=team,
                kind=CapacityReduction.Kind.PERCENT,
                amount=Decimal(10),
                reason="Practice educator",
                starts_on=as_of - timedelta(days=70),
                ends_on=as_of + timedelta(days=24),
            ),
        ),
    )


def _worker(team: Team, post: Post, *, name: str, reference: str, random: Random, as_of: date) -> NewWorker:
    begun = as_of - timedelta(days=random.randint(40, 900))
    return NewWorker(
        name=name,
        staff_reference=reference,
        career_stage=post.stage,
        registered=post.registered,
        agency=random.random() < 0.1,
        contracts=(NewContract(team, Decimal(random.choice(HOURS)), begun),),
        reductions=tuple(_reductions(team, random, as_of)),
    )


def _reductions(team: Team, random: Random, as_of: date) -> Iterator[NewReduction]:
    """Some have none, some one that counts, a few one that has lapsed, and a few are away for long."""
    draw = random.random()
    if draw < 0.04:
        chosen, begun, ends = ABSENT, 45, None
    elif draw < 0.24:
        chosen, begun, ends = random.choice(REASONS), 90, random.choice((None, 20, 120))
    elif draw < 0.30:
        chosen, begun, ends = random.choice(REASONS), 200, -5
    else:
        return
    kind, amount, reason = chosen
    yield NewReduction(
        team=team,
        kind=kind,
        amount=Decimal(amount),
        reason=reason,
        starts_on=as_of - timedelta(days=begun),
        ends_on=None if ends is None else as_of + timedelta(days=ends),
    )
