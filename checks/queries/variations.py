"""What the pages of local variations show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from checks.freezing import scale_title, threshold_words
from checks.measures import MEASURES
from checks.measures.measure import WORDS
from standards.definition import Direction, Indicator, StandardSet
from standards.models import Indicator as IndicatorRow
from standards.models import LocalVariation
from standards.models import StandardSet as SetRow
from standards.queries import rows_in_force, sets_in_force
from standards.queries.sets import indicator_of
from standards.variation import APPLIES, STAGE_NAMES, Decision, Stage
from teams.access import find_employer, holds_employer_wide
from teams.models import Employer, User
from teams.roles import Permission


@dataclass(frozen=True)
class VariationRow:
    """A variation with its indicator and the title of its set in words, and where it stands."""

    variation: LocalVariation
    stage: Stage
    indicator: Indicator | None
    standards: str

    @property
    def never_counted(self) -> bool:
        return self.variation.as_variation().never_counted

    @property
    def name(self) -> str:
        return self.indicator.text if self.indicator else f"Indicator {self.variation.indicator}"

    @property
    def stage_name(self) -> str:
        return STAGE_NAMES[self.stage]

    @property
    def national(self) -> str:
        return _limits(self.indicator) if self.indicator else ""

    @property
    def local(self) -> str:
        if self.indicator is None or self.indicator.thresholds is None:
            return ""
        here = self.variation.as_variation().thresholds(self.indicator.thresholds)
        return threshold_words(here, MEASURES.get(self.indicator.measure))


def _limits(indicator: Indicator) -> str:
    thresholds = indicator.thresholds
    return threshold_words(thresholds, MEASURES.get(indicator.measure)) if thresholds else ""


@dataclass(frozen=True)
class VariationsPage:
    """An employer's variations: those that wait or count first, then those that are over."""

    employer: Employer
    waiting: Sequence[VariationRow]
    counting: Sequence[VariationRow]
    to_come: Sequence[VariationRow]
    over: Sequence[VariationRow]
    sets: Sequence[SetRow]
    may_propose: bool
    may_decide: bool


def variations_page(user: User, slug: str, *, on: date) -> VariationsPage:
    """Every variation of an employer, for its members. A fixed number of statements."""
    employer = find_employer(user, slug)
    rows = _rows(employer, LocalVariation.objects.filter(employer=employer).select_related("decided_by"), on=on)
    return VariationsPage(
        employer=employer,
        waiting=[row for row in rows if row.stage == Stage.PROPOSED],
        counting=[row for row in rows if row.stage in APPLIES],
        to_come=[row for row in rows if row.stage == Stage.TO_COME],
        over=[row for row in rows if row.stage not in {*APPLIES, Stage.TO_COME, Stage.PROPOSED}],
        sets=rows_in_force(employer, on=on),
        may_propose=holds_employer_wide(user, Permission.STANDARDS_EDIT, employer=employer),
        may_decide=holds_employer_wide(user, Permission.VARIATION_DECIDE, employer=employer),
    )


def _rows(employer: Employer, rows: Iterable[LocalVariation], *, on: date) -> list[VariationRow]:
    found = list(rows)
    named = Q(pk=None)
    for key in {(row.pack, row.indicator) for row in found}:
        named |= Q(standard__standard_set__pack=key[0], code=key[1])
    open_to = SetRow.objects.open_to(employer)
    rows_named = IndicatorRow.objects.filter(named, standard__standard_set__in=open_to)
    newest = {
        (one.standard.standard_set.pack, one.code): one
        for one in rows_named.select_related("standard__standard_set").order_by(
            "standard__standard_set__effective_on", "standard__standard_set__pk"
        )
    }
    return [_row(row, newest.get((row.pack, row.indicator)), on=on) for row in found]


def _row(row: LocalVariation, named: IndicatorRow | None, *, on: date) -> VariationRow:
    indicator = indicator_of(named) if named else None
    return VariationRow(row, row.stage(on), indicator, named.standard.standard_set.title if named else row.pack)


@dataclass(frozen=True)
class VariationPage:
    """One variation with its whole history, and what the reader may do with it."""

    row: VariationRow
    people: LocalVariation
    may_decide: bool
    may_withdraw: bool
    may_end: bool


def find_variation(user: User, public_id: UUID, *any_of: Permission) -> LocalVariation:
    """A variation of the user's employer: strangers see none (404), members without the right are refused."""
    rows = LocalVariation.objects.select_related("employer", "proposed_by", "decided_by", "ended_by")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404("There is no such local variation.")
    find_employer(user, row.employer.slug, *any_of)
    return row


def variation_page(user: User, public_id: UUID, *, on: date) -> VariationPage:
    row = find_variation(user, public_id)
    (shown,) = _rows(row.employer, [row], on=on)
    edits = holds_employer_wide(user, Permission.STANDARDS_EDIT, employer=row.employer)
    decides = holds_employer_wide(user, Permission.VARIATION_DECIDE, employer=row.employer)
    proposed = row.state == Decision.PROPOSED.value
    return VariationPage(
        row=shown,
        people=row,
        may_decide=decides and proposed and row.proposed_by_id != user.pk,
        may_withdraw=edits and proposed,
        may_end=(edits or decides) and shown.stage in APPLIES | {Stage.TO_COME} and row.ended_by is None,
    )


@dataclass(frozen=True)
class ToVary:
    """An indicator that may be varied: its national thresholds in words, and in what its own are to be typed."""

    employer: Employer
    standards: StandardSet
    indicator: Indicator
    limits: str
    by: str
    bound: str
    unit: str


def what_to_vary(user: User, slug: str, pack: str, code: str, *, on: date) -> ToVary:
    """An indicator of a set in use, for whoever may propose; 404 where there is none that has thresholds."""
    employer = find_employer(user, slug, Permission.STANDARDS_EDIT)
    used = {one.id: one for one in sets_in_force(employer, on=on)}
    indicators = {one.code: one for one in used[pack].indicators} if pack in used else {}
    one = indicators.get(code)
    if one is None or one.thresholds is None:
        raise Http404("There is no such indicator in a set of standards that is in use.")
    measure = MEASURES.get(one.measure)
    return ToVary(
        employer=employer,
        standards=used[pack],
        indicator=one,
        limits=_limits(one),
        by=measure.title if measure else scale_title(one.scale),
        bound="at most" if one.thresholds.direction == Direction.AT_MOST else "at least",
        unit=WORDS[measure.unit][1] if measure else "out of 100",
    )
