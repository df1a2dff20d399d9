from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404

from checks.actions.standards import load_shipped_standards
from checks.measures import MEASURES
from checks.scales import SCALES
from standards.actions import drafts
from standards.actions.choosing import choose_standards
from standards.definition import StandardSet
from standards.editing import Place
from standards.models import StandardDraft
from standards.models import StandardSet as SetRow
from standards.queries import sets_in_force
from standards.queries.drafts import draft_as_set, drafts_of, faults_of, find_draft
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, Cast

NAMES: dict[str, Any] = {"measures": MEASURES, "scales": SCALES}
LOAD = Place(2, "indicators", 0)


@pytest.fixture(autouse=True)
def loaded(cast: Cast) -> None:
    load_shipped_standards(at=AT)


def national(version: str = "2020.3") -> SetRow:
    return SetRow.objects.get(pack="england-2020", version=version, employer=None)


def start(cast: Cast, row: SetRow | None = None) -> StandardDraft:
    return drafts.start_draft(employer=cast.employer, copied=row or national(), by=cast.cora, at=AT)


def doing(cast: Cast, seen: int | None = None, **changes: Any) -> dict[str, Any]:
    return {"by": cast.cora, "at": AT, "once": None, "seen": seen} | changes


def fields(draft: StandardDraft, place: Place, **changes: object) -> dict[str, Any]:
    return {**draft.document["standards"][place.standard][place.part][place.entry], **changes}


def raised(cast: Cast, met: int = 105) -> StandardDraft:
    draft = start(cast)
    drafts.change_part(draft=draft, place=LOAD, fields=fields(draft, LOAD, met=met), **doing(cast, seen=1))
    draft.refresh_from_db()
    return draft


def test_draft_is_a_copy_under_the_employers_own_name(cast: Cast) -> None:
    made = draft_as_set(start(cast), **NAMES)
    assert (made.id, made.version, made.publisher) == ("own-england-2020", "1", "Testshire Council")
    assert made.effective_on == TODAY
    assert [one.code for one in made.standards] == list("12345678")
    assert [row.pack for row in drafts_of(cast.employer)] == ["own-england-2020"]


def test_one_draft_of_a_set_at_a_time(cast: Cast) -> None:
    draft = start(cast)
    with pytest.raises(NotAllowed, match="Cora Test started a draft of these standards already"):
        start(cast)
    with pytest.raises(IntegrityError, match="standard_draft_one_at_a_time"):
        StandardDraft.objects.create(
            **{
                name: getattr(draft, name)
                for name in ("employer", "pack", "document", "copied_from", "started_at", "started_by")
            },
            changed_at=AT,
            changed_by=cast.cora,
        )


def test_published_draft_is_the_employers_own_next_version(cast: Cast) -> None:
    row = drafts.publish_draft(draft=raised(cast), **NAMES, **doing(cast, seen=2))
    assert (row.employer, row.pack, row.version) == (cast.employer, "own-england-2020", "1")
    choose_standards(employer=cast.employer, packs=["own-england-2020"], by=cast.cora, at=AT)
    (used,) = sets_in_force(cast.employer, on=TODAY)
    assert met(used) == 105
    # and a copy of it becomes the next one, which follows from its own day
    again = start(cast, row)
    later = TODAY + timedelta(days=30)
    about = {"effective_on": later.isoformat(), "completeness": "Reviewed with the teams"}
    drafts.change_set(draft=again, fields=about, **doing(cast, seen=1))
    second = drafts.publish_draft(draft=again, **NAMES, **doing(cast, seen=2))
    assert second.version == "2"
    assert [one.version for one in sets_in_force(cast.employer, on=TODAY)] == ["1"]
    assert [one.version for one in sets_in_force(cast.employer, on=later)] == ["2"]
    assert not drafts_of(cast.employer)
    kept = AuditEntry.objects.filter(event="STANDARDS_PUBLISHED").order_by("pk").last()
    assert kept
    assert kept.detail == {"pack": "own-england-2020", "version": "2"}


def met(found: StandardSet) -> int | None:
    thresholds = {one.code: one.thresholds for one in found.indicators}["3-load"]
    return int(thresholds.met) if thresholds else None


def test_faulty_draft_is_saved_and_cannot_be_published(cast: Cast) -> None:
    draft = raised(cast, met=120)
    (fault,) = faults_of(draft, **NAMES)
    assert fault.place == "standards[3].indicators[1].partly"
    with pytest.raises(NotAllowed, match=r"^1 thing must be put right before this can be published\. It is listed on"):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=2))
    drafts.change_part(draft=draft, place=LOAD, fields={}, **doing(cast, seen=2))
    with pytest.raises(
        NotAllowed, match=r"^\d+ things must be put right before this can be published\. They are listed on"
    ):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=3))
    assert not SetRow.objects.filter(employer=cast.employer).exists()


def test_draft_counts_from_today_at_the_earliest(cast: Cast) -> None:
    draft = raised(cast)
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    drafts.change_set(draft=draft, fields={"effective_on": yesterday}, **doing(cast, seen=2))
    with pytest.raises(NotAllowed, match="cannot count for days that have passed"):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=3))


def test_unchanged_copy_is_not_published(cast: Cast) -> None:
    draft = start(cast)
    with pytest.raises(NotAllowed, match="Nothing was changed: there is nothing to publish"):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=1))
    about = {"title": "Ours", "effective_on": (TODAY + timedelta(days=30)).isoformat()}
    drafts.change_set(draft=draft, fields=about, **doing(cast, seen=1))
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=2))
    assert not SetRow.objects.filter(employer=cast.employer).exists()


def test_copy_of_a_version_is_compared_with_the_employers_newest(cast: Cast) -> None:
    first = drafts.publish_draft(draft=raised(cast), **NAMES, **doing(cast, seen=2))
    again = start(cast, first)
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        drafts.publish_draft(draft=again, **NAMES, **doing(cast, seen=1))
    drafts.give_up_draft(draft=again, **doing(cast, seen=1))
    back = drafts.publish_draft(draft=start(cast), **NAMES, **doing(cast, seen=1))
    assert back.version == "2"


def test_parts_are_added_moved_and_removed(cast: Cast) -> None:
    draft = start(cast)
    drafts.add_standard(draft=draft, fields={"code": "9", "title": "Ours"}, **doing(cast, seen=1))
    entry = {"code": "ours-1", "text": "Words"}
    drafts.add_entry(draft=draft, place=Place(8, "expectations"), fields=entry, **doing(cast, seen=2))
    drafts.move_part(draft=draft, place=Place(8), up=True, **doing(cast, seen=3))
    drafts.remove_part(draft=draft, place=Place(8), **doing(cast, seen=4))
    draft.refresh_from_db()
    assert [one["code"] for one in draft.document["standards"]] == [*"1234567", "9"]
    assert draft.document["standards"][7]["expectations"] == [entry]
    assert draft.revision == 5
    with pytest.raises(NotAllowed, match="no longer in the draft"):
        drafts.remove_part(draft=draft, place=Place(8), **doing(cast, seen=5))


def test_two_people_at_once_are_told_and_nothing_is_lost(cast: Cast) -> None:
    draft = raised(cast)
    with pytest.raises(NotAllowed, match="Cora Test changed this draft while you had the form open"):
        drafts.change_set(draft=draft, fields={"title": "Mine"}, **doing(cast, seen=1))
    with pytest.raises(NotAllowed, match="Cora Test changed this draft"):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=1))
    drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=2))
    with pytest.raises(NotAllowed, match="has published this draft or given it up"):
        drafts.publish_draft(draft=draft, **NAMES, **doing(cast, seen=2))
    with pytest.raises(Http404):
        find_draft(cast.cora, draft.public_id)


def test_draft_is_given_up(cast: Cast) -> None:
    draft = start(cast)
    assert find_draft(cast.cora, draft.public_id) == draft
    drafts.give_up_draft(draft=draft, **doing(cast, seen=1))
    assert not drafts_of(cast.employer)
    assert start(cast)


@pytest.mark.parametrize("name", ["ben", "dev", "ewa", "gil"])
def test_only_the_principal_social_worker_writes(cast: Cast, name: str) -> None:
    draft, other = start(cast), cast.users[name]
    with pytest.raises(PermissionDenied):
        drafts.start_draft(employer=cast.employer, copied=national("2020.2"), by=other, at=AT)
    with pytest.raises(PermissionDenied):
        drafts.change_set(draft=draft, fields={}, **doing(cast, by=other))
    with pytest.raises(Http404 if name == "gil" else PermissionDenied):
        find_draft(other, draft.public_id)
