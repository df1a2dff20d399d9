"""One case as people see it: what it weighs and why, who holds it, and everything that happened to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from caseloads.frames import AreaScheme, hundredths, schemes_of
from caseloads.models import Allocation, Case, CaseChange, Contest, LimitException, Rating, Transfer
from caseloads.policies import CaseFacts
from caseloads.references import kept
from caseloads.shown import decimal, records
from caseloads.workload import Scheme, case_weights, category_name, frame
from teams.access import permissions, require
from teams.models import ServiceArea, Team, User, Worker
from teams.roles import Permission


@dataclass(frozen=True)
class Draft:
    """What somebody chose for a case's weight: its category and factors, or a weight set by hand with its reason."""

    category: str
    factors: Mapping[str, int] = field(default_factory=dict)
    override: Decimal | None = None
    override_reason: str = ""


@dataclass(frozen=True)
class Weight:
    """What a case weighs, with the sum in words; None: it cannot be told, and the words say why."""

    weight: Decimal | None
    parts: str
    unrated: bool = False
    overridden: bool = False


@dataclass(frozen=True)
class RatingRow:
    """One rating: the weight it gave and the weight before it, each by the scheme of its day."""

    rating: Rating
    weight: Weight
    before: Decimal | None


@dataclass(frozen=True)
class ChangeRow:
    """One change as one person may read it."""

    change: CaseChange
    text: str


@dataclass(frozen=True)
class CasePage:
    """Everything that a case's page shows to one person."""

    case: Case
    as_of: date
    scheme: AreaScheme | None
    category: str
    weight: Weight
    facts: CaseFacts
    family: Sequence[Case]
    holders: Sequence[Allocation]
    former: Sequence[Allocation]
    ratings: Sequence[RatingRow]
    changes: Sequence[ChangeRow]
    transfers: Sequence[Transfer]
    exceptions: Sequence[LimitException]
    contests: Sequence[Contest]
    leads: bool

    @property
    def contested(self) -> bool:
        return any(contest.state == Contest.State.OPEN for contest in self.contests)


def find_case(user: User, public_id: UUID, permission: Permission | None = None) -> Case:
    """A case the user may see; anybody else's is not there (404). With a permission, it is needed in its team (403)."""
    cases = Case.objects.visible_to(user).select_related("employer", "team__service_area", "team__employer")
    case = cases.filter(public_id=public_id).first()
    if case is None:
        raise Http404("There is no such case.")
    if permission is not None:
        require(user, permission, team=case.team)
    return case


def scheme_on(schemes: Sequence[AreaScheme], day: date) -> AreaScheme | None:
    """The scheme in force on a day."""
    begun = [scheme for scheme in schemes if scheme.row.effective_on <= day]
    return begun[-1] if begun else None


def weigh_rating(
    scheme: Scheme | None,
    *,
    category: str,
    factors: Mapping[str, int],
    override: Decimal | None,
    rated: bool = True,
) -> Weight:
    """What a case of these facts weighs, worked out by the function that scores every caseload."""
    if scheme is None:
        return Weight(None, "No weighting scheme is published for this service area.")
    facts = {"case": 0, "category": category, "rated": rated, "override": hundredths(override)}
    given = [{"case": 0, "factor": code, "count": count} for code, count in factors.items()]
    (row,) = records(case_weights(scheme, frame("cases", [facts]), frame("factors", given)))
    return Weight(decimal(row["weight"], 2), row["parts"], row["unrated"], row["overridden"])


def scheme_for(area: ServiceArea, *, on: date) -> AreaScheme | None:
    """The scheme in force in a service area on a day. One statement."""
    return scheme_on(schemes_of(area), on)


def scoring_scheme(area: ServiceArea, *, on: date) -> Scheme | None:
    """The scheme that the cases of a service area are weighed by on a day. One statement."""
    found = scheme_for(area, on=on)
    return found.scheme if found else None


def weight_of(case: Case, *, as_of: date) -> Weight:
    """What a case weighs by its newest rating. Two statements."""
    return _weight_now(case, newest_rating(case), scheme_for(case.team.service_area, on=as_of))


def weigh_choice(scheme: Scheme | None, chosen: Draft, *, fault: str) -> Weight:
    """What somebody's choices so far would weigh; what is wrong with them, when something is."""
    if fault:
        return Weight(None, fault)
    return weigh_rating(
        scheme,
        category=chosen.category,
        factors=chosen.factors,
        override=chosen.override,
        rated=bool(chosen.category),
    )


def find_recorded(team: Team, reference: str) -> Case:
    """The case of an employer with a reference, as it was typed."""
    return Case.objects.get(employer=team.employer, reference=kept(reference))


def newest_rating(case: Case) -> Rating | None:
    return case.ratings.order_by("-rated_on", "-pk").first()


def facts_of(case: Case, *, on: date) -> CaseFacts:
    """The facts of a case for somebody who may record cases in its team."""
    return CaseFacts(open=is_open(case, on), may_record=True)


def is_open(case: Case, on: date) -> bool:
    return case.opened_on <= on and (case.closed_on is None or case.closed_on > on)


def teams_concerned(case: Case, *, on: date) -> set[Team]:
    """Every team whose figures a case bears on: the one that owns it and those that hold it."""
    return {case.team, *Team.objects.filter(pk__in=case.allocations.open_on(on).values("team"))}


def words_of(change: CaseChange, *, leads: bool) -> str:
    """A change in words. What tells a worker's load is for those who lead the team; others read that it happened."""
    about_workers = change.kind in {CaseChange.Kind.ALLOCATED, CaseChange.Kind.TRANSFERRED}
    return f"{change.get_kind_display()}." if about_workers and not leads else change.text


def case_page(case: Case, *, user: User, as_of: date) -> CasePage:
    """Read one case for one person. A fixed number of statements."""
    schemes = schemes_of(case.team.service_area)
    scheme = scheme_on(schemes, as_of)
    ratings = list(case.ratings.order_by("rated_on", "pk").select_related("rated_by"))
    allocations = list(case.allocations.select_related("worker", "team").order_by("started_on", "role", "pk"))
    held = permissions(user, case.team)
    leads = Permission.WORKLOAD_VIEW in held
    own = next((row.worker for row in allocations if row.worker.user_id == user.pk), None)
    holders = [row for row in allocations if row.started_on <= as_of and (not row.ended_on or row.ended_on > as_of)]
    theirs = _about(case, user, own, leads=leads)
    contests = list(case.contests.filter(theirs).select_related("worker", "answered_by").order_by("-raised_at", "-pk"))
    return CasePage(
        case=case,
        as_of=as_of,
        scheme=scheme,
        category=category_name(scheme.scheme, case.category) if scheme else case.category,
        weight=_weight_now(case, ratings[-1] if ratings else None, scheme),
        facts=_facts(case, holders, contests, own, as_of=as_of, may_record=Permission.CASE_RECORD in held),
        family=_family(case, user),
        holders=holders,
        former=[row for row in allocations if row not in holders and row.ended_on != row.started_on],
        ratings=_history(ratings, schemes),
        changes=[
            ChangeRow(row, words_of(row, leads=leads))
            for row in case.changes.select_related("by").order_by("-revision")
        ],
        transfers=_transfers(case),
        exceptions=_exceptions(case, user, leads=leads),
        contests=contests,
        leads=leads,
    )


def _weight_now(case: Case, newest: Rating | None, scheme: AreaScheme | None) -> Weight:
    return weigh_rating(
        scheme.scheme if scheme else None,
        category=case.category,
        factors=newest.factors if newest else {},
        override=newest.override if newest else None,
        rated=newest is not None,
    )


def _history(ratings: Sequence[Rating], schemes: Sequence[AreaScheme]) -> list[RatingRow]:
    """Newest first. A rating from before the first scheme is weighed by that."""
    rows: list[RatingRow] = []
    for rating in ratings:
        scheme = scheme_on(schemes, rating.rated_on) or next(iter(schemes), None)
        weight = weigh_rating(
            scheme.scheme if scheme else None,
            category=rating.category,
            factors=rating.factors,
            override=rating.override,
        )
        rows.append(RatingRow(rating, weight, rows[-1].weight.weight if rows else None))
    return rows[::-1]


def _facts(
    case: Case,
    holders: Collection[Allocation],
    contests: Collection[Contest],
    own: Worker | None,
    *,
    as_of: date,
    may_record: bool,
) -> CaseFacts:
    return CaseFacts(
        open=is_open(case, as_of),
        may_record=may_record,
        held=bool(holders),
        held_by_user=any(row.worker_id == own.pk for row in holders) if own else False,
        contested_by_user=any(row.worker == own and row.state == Contest.State.OPEN for row in contests),
    )


def _about(case: Case, user: User, own: Worker | None, *, leads: bool) -> Q:
    """What a person may read of what was said about workers: all of it, of their own teams', or their own."""
    if leads:
        return Q()
    teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
    held = case.allocations.filter(team__in=teams).values("worker")
    return Q(worker__in=held) | Q(worker=own)


def _exceptions(case: Case, user: User, *, leads: bool) -> list[LimitException]:
    rows = LimitException.objects.filter(allocation__case=case).select_related(
        "allocation__worker", "by", "approved_by"
    )
    if not leads:
        teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
        rows = rows.filter(Q(allocation__team__in=teams) | Q(allocation__worker__user=user))
    return list(rows.order_by("-at", "-pk"))


def _transfers(case: Case) -> list[Transfer]:
    rows = case.transfers.select_related("from_worker", "from_team", "to_worker", "to_team", "by")
    return list(rows.order_by("-at", "-pk"))


def _family(case: Case, user: User) -> list[Case]:
    """The other cases of the family that the user may see."""
    if not case.family_reference:
        return []
    same = Case.objects.visible_to(user).filter(employer=case.employer, family_reference=case.family_reference)
    return list(same.exclude(pk=case.pk).select_related("team").order_by("reference"))
