from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction

from caseloads.queries.workloads import team_workload
from checks.actions.standards import load_shipped_standards
from checks.findings import Finding, finding_of_indicator
from checks.queries.findings import IndicatorFinding, StandardFinding, team_findings
from standards.actions import variations
from standards.actions.variations import approve_variation, decline_variation, propose_variation
from standards.models import LocalVariation
from standards.queries import local_on, variations_in_force
from standards.variation import Stage
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from teams.roles import Role
from tests.cast import AT, TODAY, Cast
from tests.integration.standards.cases import INDICATOR, PACK, REVIEW, approved, new, proposed

KEY = (PACK, INDICATOR)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def loaded(cast: Cast) -> None:
    load_shipped_standards(at=AT)


def found(cast: Cast, days: int = 0) -> StandardFinding:
    workload = team_workload(cast.team, as_of=TODAY + timedelta(days=days))
    return {one.standard.code: one for one in team_findings(workload)}["3"]


def unallocated(cast: Cast, days: int = 0) -> IndicatorFinding:
    return {one.indicator.code: one for one in found(cast, days).indicators}[KEY[1]]


def test_proposal_changes_no_finding(cast: Cast) -> None:
    row = proposed(cast)
    assert row.stage(TODAY) == Stage.PROPOSED
    assert variations_in_force(cast.employer, on=TODAY) == {}
    one = unallocated(cast)
    assert (one.finding, one.local, one.local_finding, one.effective) == (
        *(Finding.PARTLY_MET, None, None),
        Finding.PARTLY_MET,
    )


def test_approved_variation_is_found_beside_the_national_threshold_until_it_lapses(cast: Cast) -> None:
    row = approved(cast)
    assert (row.stage(TODAY), row.stage(REVIEW), row.stage(REVIEW + DAY)) == (
        *(Stage.IN_FORCE, Stage.REVIEW_DUE),
        Stage.LAPSED,
    )
    one = unallocated(cast)
    assert one.local == variations_in_force(cast.employer, on=REVIEW)[KEY] == row.as_variation()
    assert (one.finding, one.local_finding, one.effective) == (Finding.PARTLY_MET, Finding.MET, Finding.MET)
    assert found(cast).local_finding is not None
    assert local_on(cast.employer, on=REVIEW + DAY).lapsed == {KEY: row.as_variation()}
    later = unallocated(cast, days=181)
    assert (later.local, later.local_finding, later.lapsed) == (None, None, row.as_variation())
    assert later.effective == later.finding
    assert found(cast, days=181).effective == found(cast, days=181).finding
    assert local_on(cast.employer, on=REVIEW + timedelta(days=366)).lapsed == {}
    assert local_on(cast.elsewhere.employer, on=TODAY).in_force == {}


def test_both_findings_are_those_of_the_same_value(cast: Cast) -> None:
    approved(cast)
    approved(cast, indicator="3-load", met=Decimal(5), partly=Decimal(6))
    checked = 0
    for one in found(cast).indicators:
        thresholds = one.indicator.thresholds
        if thresholds is None or one.measure is None:
            continue
        assert one.finding == finding_of_indicator(one.value, thresholds)
        if one.local:
            assert one.local_finding == finding_of_indicator(one.value, one.local.thresholds(thresholds))
            checked += 1
    assert checked == 2
    assert found(cast).local_finding == Finding.NOT_MET


def test_variation_that_does_not_fit_its_indicator_is_left_out(cast: Cast) -> None:
    row = approved(cast)
    LocalVariation.objects.bulk_create(
        [
            LocalVariation(
                **{name: getattr(row, name) for name in ("employer", "pack", "reason", "evidence", "starts_on")},
                **{name: getattr(row, name) for name in ("review_on", "proposed_by", "proposed_at", "state")},
                **{name: getattr(row, name) for name in ("decided_by", "decided_at", "decision_words")},
                indicator="3-load",
                met=Decimal(110),
                partly=Decimal(100),
            )
        ]
    )
    one = {one.indicator.code: one for one in found(cast).indicators}["3-load"]
    assert (one.local, one.local_finding) == (None, None)


def test_variation_that_is_decided_late_counts_from_its_decision(cast: Cast) -> None:
    row = proposed(cast)
    approve_variation(variation=row, words="Agreed", by=cast.dev, at=AT + timedelta(days=3))
    row.refresh_from_db()
    assert (row.starts_on, row.stage(TODAY)) == (TODAY + timedelta(days=3), Stage.TO_COME)
    late = proposed(cast, indicator="3-load", met=Decimal(105), review_on=TODAY + DAY, partly=Decimal(120))
    with pytest.raises(NotAllowed, match="Its day of review has come"):
        approve_variation(variation=late, words="Agreed", by=cast.dev, at=AT + timedelta(days=1))


def test_variation_approved_in_place_of_another_ends_it(cast: Cast) -> None:
    first = approved(cast)
    second = approved(cast, met=Decimal(3), starts_on=TODAY + timedelta(days=10))
    first.refresh_from_db()
    assert (first.ended_on, first.end_words) == (second.starts_on, "Another variation was approved in its place.")
    assert variations_in_force(cast.employer, on=TODAY)[KEY].met == 2
    assert variations_in_force(cast.employer, on=second.starts_on)[KEY].met == 3
    third = approved(cast, met=Decimal(4))
    second.refresh_from_db()
    first.refresh_from_db()
    assert second.stage(REVIEW) == first.stage(TODAY) == Stage.ENDED
    assert variations_in_force(cast.employer, on=REVIEW)[KEY] == third.as_variation()


def test_declined_variation_keeps_the_words(cast: Cast) -> None:
    row = proposed(cast)
    decline_variation(variation=row, words="The front door is settled", by=cast.dev, at=AT)
    row.refresh_from_db()
    assert (row.stage(TODAY), row.decided_by, row.decision_words) == (
        *(Stage.DECLINED, cast.dev),
        "The front door is settled",
    )
    with pytest.raises(NotAllowed, match="declined already"):
        approve_variation(variation=row, words="After all", by=cast.dev, at=AT)
    assert proposed(cast)


def test_proposal_is_withdrawn_and_made_anew(cast: Cast) -> None:
    row = proposed(cast)
    with pytest.raises(NotAllowed, match="waits for a decision already"):
        proposed(cast)
    variations.withdraw_variation(variation=row, words="The figures were wrong", by=cast.cora, at=AT)
    row.refresh_from_db()
    assert row.stage(TODAY) == Stage.WITHDRAWN
    with pytest.raises(NotAllowed, match="withdrawn already"):
        variations.withdraw_variation(variation=row, words="Again", by=cast.cora, at=AT)
    assert proposed(cast)


@pytest.mark.parametrize("name", ["cora", "dev"])
def test_variation_is_ended_early_by_either(cast: Cast, name: str) -> None:
    row, later = approved(cast), approved(cast, indicator="3-wait", met=Decimal(7), starts_on=TODAY + DAY)
    for one in (row, later):
        variations.end_variation(variation=one, words="No longer needed", by=cast.users[name], at=AT)
    row.refresh_from_db()
    later.refresh_from_db()
    assert (row.ended_on, later.ended_on) == (TODAY, TODAY + DAY)
    assert local_on(cast.employer, on=TODAY + DAY).in_force == local_on(cast.employer, on=REVIEW + DAY).lapsed == {}
    assert (row.stage(TODAY), later.stage(TODAY)) == (Stage.ENDED, Stage.ENDED)
    events = AuditEntry.objects.filter(event__startswith="VARIATION").values_list("event", flat=True)
    assert set(events) == {"VARIATION_PROPOSED", "VARIATION_DECIDED", "VARIATION_ENDED"}


@pytest.mark.parametrize("starts_in", [0, 10])
def test_variation_is_ended_once(cast: Cast, starts_in: int) -> None:
    row = approved(cast, starts_on=TODAY + starts_in * DAY)
    variations.end_variation(variation=row, words="No longer needed", by=cast.cora, at=AT)
    with pytest.raises(NotAllowed, match=r"^Cora Test has ended this variation already\.$"):
        variations.end_variation(variation=row, words="Mine now", by=cast.dev, at=AT + DAY)
    row.refresh_from_db()
    assert (row.ended_by, row.ended_at, row.end_words) == (cast.cora, AT, "No longer needed")


def test_variation_that_another_will_replace_is_not_ended_again(cast: Cast) -> None:
    row = approved(cast)
    approved(cast, met=Decimal(3), starts_on=TODAY + 10 * DAY)
    with pytest.raises(NotAllowed, match="Dev Test has ended this variation already"):
        variations.end_variation(variation=row, words="Today", by=cast.cora, at=AT)


def test_end_of_what_never_began_stays_when_another_is_approved(cast: Cast) -> None:
    row = approved(cast, starts_on=TODAY + 10 * DAY)
    variations.end_variation(variation=row, words="No longer needed", by=cast.cora, at=AT)
    approved(cast)
    row.refresh_from_db()
    assert (row.ended_by, row.end_words) == (cast.cora, "No longer needed")


def test_audit_keeps_the_words_of_each_decision_and_end(cast: Cast) -> None:
    approved_one = approved(cast)
    variations.end_variation(variation=approved_one, words="No longer needed", by=cast.cora, at=AT)
    decline_variation(variation=proposed(cast), words="Not convinced", by=cast.dev, at=AT)
    variations.withdraw_variation(variation=proposed(cast), words="Wrong figures", by=cast.cora, at=AT)
    kept = AuditEntry.objects.filter(event__startswith="VARIATION").order_by("pk")
    assert [(one.event, one.detail["state"], one.detail["words"]) for one in kept] == [
        ("VARIATION_PROPOSED", "PROPOSED", "A new front door sends cases before they are screened"),
        ("VARIATION_DECIDED", "APPROVED", "Agreed until the front door is settled"),
        ("VARIATION_ENDED", "APPROVED", "No longer needed"),
        ("VARIATION_PROPOSED", "PROPOSED", "A new front door sends cases before they are screened"),
        ("VARIATION_DECIDED", "DECLINED", "Not convinced"),
        ("VARIATION_PROPOSED", "PROPOSED", "A new front door sends cases before they are screened"),
        ("VARIATION_ENDED", "WITHDRAWN", "Wrong figures"),
    ]


def test_audit_keeps_the_end_of_a_variation_that_another_replaces(cast: Cast) -> None:
    first = approved(cast)
    approved(cast, met=Decimal(3), starts_on=TODAY + 10 * DAY)
    (kept,) = AuditEntry.objects.filter(event="VARIATION_ENDED")
    assert (kept.target.endswith(f":{first.pk}"), kept.detail["words"]) == (
        True,
        "Another variation was approved in its place.",
    )


def test_lapsed_variation_cannot_be_ended(cast: Cast) -> None:
    row = approved(cast)
    with pytest.raises(NotAllowed, match="nothing to end"):
        variations.end_variation(variation=row, words="Late", by=cast.dev, at=AT + timedelta(days=181))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"pack": "england-2025"}, "not in a set of standards"),
        ({"indicator": "made-up"}, "not in a set of standards"),
        ({"indicator": "3-contingency"}, "it is judged|has no thresholds"),
        ({"partly": Decimal(1)}, "would overlap"),
    ],
)
def test_what_cannot_be_varied_is_refused(cast: Cast, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotAllowed, match=reason):
        proposed(cast, **changes)


def test_nobody_decides_what_they_proposed(cast: Cast) -> None:
    cast.cora.role_assignments.create(employer=cast.employer, role=Role.DIRECTOR.value)
    row = proposed(cast)
    with pytest.raises(NotAllowed, match="Whoever proposed a variation cannot decide it"):
        approve_variation(variation=row, words="Mine", by=cast.cora, at=AT)
    approve_variation(variation=row, words="His", by=cast.dev, at=AT)
    with pytest.raises(IntegrityError, match="variation_decided_by_another_with_words"), transaction.atomic():
        LocalVariation.objects.update(decided_by=cast.cora)


@pytest.mark.parametrize("name", ["ben", "ewa", "gil", "hana"])
def test_others_neither_propose_nor_decide_nor_end(cast: Cast, name: str) -> None:
    row, other = proposed(cast), cast.users[name]
    with pytest.raises(PermissionDenied):
        propose_variation(employer=cast.employer, new=new(), by=other, at=AT)
    for action in (
        approve_variation,
        decline_variation,
        variations.withdraw_variation,
        variations.end_variation,
    ):
        with pytest.raises(PermissionDenied):
            action(variation=row, words="Mine", by=other, at=AT)
    with pytest.raises(PermissionDenied):
        approve_variation(variation=row, words="Mine", by=cast.cora, at=AT)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"starts_on": REVIEW}, "variation_review_after_start"),
        ({"decided_by": None}, "variation_decided_by_somebody"),
        ({"decision_words": ""}, "variation_decided_by_another_with_words"),
        ({"ended_on": TODAY}, "variation_ended_with_words"),
    ],
)
def test_rows_that_cannot_be(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    row = approved(cast)
    with pytest.raises(IntegrityError, match=constraint):
        LocalVariation.objects.filter(pk=row.pk).update(**changes)


def test_approved_variations_of_an_indicator_never_overlap(cast: Cast) -> None:
    row = approved(cast)
    copied = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"}
    copied.pop("public_id")
    with pytest.raises(IntegrityError, match="variation_no_overlap"):
        LocalVariation.objects.create(**copied)


def test_variation_is_never_deleted_and_what_was_proposed_stays(cast: Cast) -> None:
    row = proposed(cast)
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        row.delete()
    with pytest.raises(InternalError, match="Cannot update"):
        LocalVariation.objects.update(reason="Something else")
