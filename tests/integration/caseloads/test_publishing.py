from dataclasses import replace

import pytest

from caseloads.actions.schemes import publish_scheme
from caseloads.frames import schemes_in_force
from caseloads.models import WeightingScheme
from healthcheck.demo import schemes
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, BEGUN, TODAY, Cast


def test_next_version_takes_over_on_its_day(cast: Cast) -> None:
    draft = schemes.childrens(TODAY)
    second = publish_scheme(service_area=cast.area, draft=draft, by=cast.cora, at=AT)
    assert second.version == 2
    assert AuditEntry.objects.filter(event="SCHEME_PUBLISHED", by=cast.cora).count() == 1
    in_force = {day: schemes_in_force(cast.employer, on=day)[cast.area.pk].row for day in (BEGUN, TODAY)}
    assert in_force == {BEGUN: cast.scheme, TODAY: second}


def test_scheme_that_cannot_be_scored_with_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match=r"[Bb]and"):
        publish_scheme(service_area=cast.area, draft=replace(schemes.childrens(TODAY), bands=()), by=None, at=AT)
    assert WeightingScheme.objects.filter(service_area=cast.area).count() == 1
