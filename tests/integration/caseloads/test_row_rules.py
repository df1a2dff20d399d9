"""Every rule that a row of caseloads can break is kept by the database: each test breaks one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from caseloads.models import Allocation, Band, Case, CaseCategory, Rating, StageShare, TeamSnapshot, WeightingScheme
from caseloads.snapshots import score_employer
from tests.cast import AT, TODAY, Cast, case, holds, record


def refused(rule: str) -> object:
    return pytest.raises(IntegrityError, match=rule)


def test_case_closed_before_it_opened(cast: Cast) -> None:
    with refused("case_closed_after_opened"):
        record(cast, case("X", closed_on=TODAY - timedelta(days=61)))


def test_case_reference_used_twice(cast: Cast) -> None:
    with refused("case_reference_unique"):
        record(cast, case("T-001"))


def test_case_without_a_reference(cast: Cast) -> None:
    with refused("case_has_a_reference"):
        record(cast, case(""))


@pytest.mark.parametrize("share", [0, 101])
def test_share_that_is_no_percentage(cast: Cast, share: int) -> None:
    with refused("allocation_share"):
        record(cast, case("X", holds(cast.workers["Asha Test"], cast.team, share=share)))


def test_shares_of_one_holder_stop_at_100(cast: Cast) -> None:
    (added,) = record(cast, case("X", holds(cast.workers["Asha Test"], cast.team)))
    with refused("shares of a case"):
        Allocation.objects.create(
            employer=cast.employer,
            case=added,
            worker=cast.workers["Nia Test"],
            team=cast.team,
            role="CO_WORKER",
            share=21,
            started_on=TODAY,
        )


def test_shares_of_two_holders_may_use_the_joint_uplift(cast: Cast) -> None:
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    together = (holds(asha, cast.team, share=70), holds(nia, cast.team, share=50, role=Allocation.Role.CO_WORKER))
    (added,) = record(cast, case("X", *together))
    with refused("shares of a case"):
        Allocation.objects.filter(case=added, worker=nia).update(share=51)


def test_shares_that_follow_each_other_do_not_add_up(cast: Cast) -> None:
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    handed_over = holds(asha, cast.team, ended_on=TODAY)
    record(cast, case("X", handed_over, type(handed_over)(nia, cast.team, TODAY)))


def test_one_worker_holds_a_case_twice(cast: Cast) -> None:
    asha = cast.workers["Asha Test"]
    with refused("allocation_no_overlap"):
        record(cast, case("X", holds(asha, cast.team, share=50), holds(asha, cast.team, share=50, role="CO_WORKER")))


def test_case_with_two_leads(cast: Cast) -> None:
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    with refused("allocation_one_open_lead"):
        record(cast, case("X", holds(asha, cast.team, share=50), holds(nia, cast.team, share=50)))


def test_allocation_ends_before_it_starts(cast: Cast) -> None:
    with refused("allocation_ends_after_start"):
        record(cast, case("X", holds(cast.workers["Asha Test"], cast.team, ended_on=TODAY - timedelta(days=51))))


def test_override_without_a_reason(cast: Cast) -> None:
    with refused("rating_override_has_a_reason"):
        record(cast, case("X", override=Decimal(9)))


def test_ratings_can_only_be_added(cast: Cast) -> None:
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        Rating.objects.update(reason="another")
    with pytest.raises(InternalError, match="Cannot update or delete"):
        Rating.objects.all().delete()


def test_rating_is_of_the_employer_of_its_case_whatever_is_said(cast: Cast) -> None:
    """Also where nothing is, as by the version before, which goes on while the tables change."""
    (recorded,) = record(cast, case("X"))
    said = {"case": recorded, "category": "plan", "rated_on": TODAY}
    assert Rating.objects.create(**said).employer_id is None
    Rating.objects.create(**said, employer=cast.elsewhere.employer)
    assert set(Rating.objects.filter(case=recorded).values_list("employer", flat=True)) == {cast.employer.pk}


def test_published_scheme_is_final(cast: Cast) -> None:
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        WeightingScheme.objects.filter(pk=cast.scheme.pk).update(maximum=200)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        WeightingScheme.objects.filter(pk=cast.scheme.pk)._raw_delete("default")
    with refused("published and cannot change"), transaction.atomic():
        WeightingScheme.objects.filter(pk=cast.scheme.pk).delete()
    with refused("published and cannot change"), transaction.atomic():
        CaseCategory.objects.filter(scheme=cast.scheme).update(weight=1)
    with refused("published and cannot change"), transaction.atomic():
        CaseCategory.objects.create(scheme=cast.scheme, code="new", name="New", weight=1)
    with refused("published and cannot change"), transaction.atomic():
        Band.objects.filter(scheme=cast.scheme).first().delete()  # type: ignore[union-attr]
    with refused("published and cannot change"), transaction.atomic():
        StageShare.objects.filter(scheme=cast.scheme).update(share=50)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("scheme_maximum_positive", {"maximum": 0, "stable": -1}),
        ("scheme_stable", {"stable": 100}),
        ("scheme_weight_bounds", {"lowest_weight": -1}),
        ("scheme_default_weight", {"default_weight": 21}),
        ("scheme_sibling_share", {"sibling_share": 101}),
        ("scheme_joint_uplift", {"joint_uplift": 101}),
    ],
)
def test_scheme_out_of_bounds(cast: Cast, rule: str, changes: dict[str, object]) -> None:
    fields = {
        "employer": cast.employer,
        "service_area": cast.area,
        "version": 9,
        "maximum": 100,
        "stable": 15,
        "default_weight": 5,
        "highest_weight": 20,
        "effective_on": TODAY,
    }
    with refused(rule):
        WeightingScheme.objects.create(**(fields | changes))


def test_snapshot_of_an_earlier_day_is_final(cast: Cast) -> None:
    score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    TeamSnapshot.objects.update(cases=99, scored_at=AT + timedelta(hours=1))
    with refused("earlier day"), transaction.atomic():
        TeamSnapshot.objects.update(cases=98, scored_at=AT + timedelta(days=1))
    with refused("cannot be deleted"):
        TeamSnapshot.objects.all().delete()


def test_open_case_counts_until_the_day_it_closes(cast: Cast) -> None:
    (added,) = record(cast, case("X", closed_on=TODAY))
    assert added not in Case.objects.open_on(TODAY)
    assert added in Case.objects.open_on(TODAY - timedelta(days=1))
