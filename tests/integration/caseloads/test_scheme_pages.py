"""The pages on which a weighting scheme is read, written, tried and published."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caseloads.actions.schemes import begin_draft, change_draft
from caseloads.models import SchemeDraft, WeightingScheme
from teams.models import ServiceArea
from tests.cast import AT, Cast

LIST = reverse("schemes", args=["testshire"])


@pytest.fixture
def cora(cast: Cast, client: Client) -> Client:
    client.force_login(cast.cora)
    return client


@pytest.fixture
def draft(cast: Cast) -> SchemeDraft:
    return begin_draft(service_area=cast.area, base=cast.scheme, once=None, by=cast.cora, at=AT)


def page(draft: SchemeDraft, name: str = "scheme-draft") -> str:
    return reverse(name, args=[draft.public_id])


def boxes(client: Client, address: str) -> dict[str, str]:
    """What a browser would send of the form as it is shown."""
    html = client.get(address).content.decode()
    found = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.DOTALL))
    return found


def send(client: Client, draft: SchemeDraft, **changes: str) -> Any:
    address = page(draft)
    return client.post(address, {**boxes(client, address), "do": "save", **changes}, follow=True)


def test_members_read_and_those_who_publish_begin_a_draft(cast: Cast, cora: Client) -> None:
    said = cora.get(LIST).content.decode()
    assert "Children’s caseload weighting, version 1" in said
    assert "Begin a draft for Children’s social work" in said
    cora.force_login(cast.femi)
    assert "Begin a draft" not in cora.get(LIST).content.decode()
    whole = cora.get(reverse("scheme", args=["testshire", cast.scheme.pk])).content.decode()
    for words in ("Section 47 enquiry", "Each further child", "well over", "Newly qualified", "agree your own"):
        assert words in whole


def test_area_without_a_scheme_says_who_publishes_one(cast: Cast, cora: Client) -> None:
    ServiceArea.objects.create(employer=cast.employer, name="Adults", client_group="ADULTS", full_time_hours=37)
    assert "No version is published yet" in cora.get(LIST).content.decode()
    cora.force_login(cast.asha)
    assert "The principal social worker publishes one." in cora.get(LIST).content.decode()


def test_employer_without_areas_says_so(cast: Cast, cora: Client) -> None:
    cast.cora.role_assignments.update(employer=_bare())
    assert "There is no service area yet." in cora.get(reverse("schemes", args=["bare"])).content.decode()


def _bare() -> Any:
    from teams.actions.setting_up import found_employer  # noqa: PLC0415 - for this one test

    return found_employer(name="Bare Council", slug="bare", by=None, at=AT)


@pytest.mark.parametrize(("base", "lines"), [("copy", 8), ("", 1)])
def test_draft_is_begun_from_a_version_or_from_nothing(cast: Cast, cora: Client, base: str, lines: int) -> None:
    address = reverse("scheme-draft-new", args=["testshire", cast.area.pk])
    sent = boxes(cora, address) | {"base": str(cast.scheme.pk) if base else ""}
    assert "The draft is made." in cora.post(address, sent, follow=True).content.decode()
    assert len(SchemeDraft.objects.get().document["categories"]) == lines
    assert "There is a draft for" in cora.post(address, boxes(cora, address), follow=True).content.decode()


def test_what_is_shown_and_sent_back_changes_nothing(cora: Client, draft: SchemeDraft) -> None:
    before = draft.document
    assert "The draft is saved." in send(cora, draft).content.decode()
    draft.refresh_from_db()
    assert draft.document == before
    assert draft.revision == 2


def test_fault_is_kept_and_told_beside_its_box(cora: Client, draft: SchemeDraft) -> None:
    said = send(cora, draft, maximum="many").content.decode()
    assert "1 fault to put right before it can be published" in said
    assert 'href="#maximum"' in said
    assert 'id="maximum-error"' in said
    assert 'value="many"' in said
    preview = cora.get(page(draft, "scheme-draft-preview"), follow=True)
    assert "The draft has faults." in preview.content.decode()


def test_lines_are_added_moved_and_taken_out_with_what_was_typed(cora: Client, draft: SchemeDraft) -> None:
    answer = send(cora, draft, do="add:categories", maximum="90")
    assert answer.redirect_chain[-1][0].endswith("#categories")
    send(cora, draft, **{"categories-8-name": "Adoption", "categories-8-weight": "6", "do": "up:categories:8"})
    send(cora, draft, do="remove:factors:0")
    draft.refresh_from_db()
    names = [row["name"] for row in draft.document["categories"]]
    assert names[-2:] == ["Adoption", "Care leaver"]
    assert len(draft.document["factors"]) == 2
    assert draft.document["fields"]["maximum"] == "90"


def test_words_that_identify_somebody_are_not_kept(cora: Client, draft: SchemeDraft) -> None:
    said = send(cora, draft, source="Agreed for 943 476 5919").content.decode()
    assert "This looks like an NHS number." in said
    draft.refresh_from_db()
    assert draft.revision == 1


def test_second_of_two_people_is_told_and_may_send_again(cast: Cast, cora: Client, draft: SchemeDraft) -> None:
    sent = {**boxes(cora, page(draft)), "do": "save", "maximum": "80"}
    change_draft(draft=draft, document=draft.document, seen=None, once=None, by=cast.cora, at=AT)
    refused = cora.post(page(draft), sent)
    assert "changed this draft on" in refused.content.decode()
    assert 'value="80"' in refused.content.decode()
    assert 'name="seen" value="2"' in refused.content.decode()
    cora.post(page(draft), {**sent, "seen": "2"})
    draft.refresh_from_db()
    assert draft.document["fields"]["maximum"] == "80"


@pytest.mark.parametrize("number", ["", "²", "99999", "-1"])
def test_number_of_lines_that_is_none_takes_none(cora: Client, draft: SchemeDraft, number: str) -> None:
    said = send(cora, draft, **{"categories-lines": number}).content.decode()
    assert "A scheme needs at least one category." in said


def test_preview_then_publish(cast: Cast, cora: Client, draft: SchemeDraft) -> None:
    said = send(cora, draft, do="preview", maximum="32").content.decode()
    for words in ("1 more worker would be over.", "Asha Test", "Teams, before and after", "Workers by band"):
        assert words in said
    address = page(draft, "scheme-draft-publish")
    early = cora.post(address, boxes(cora, address) | {"effective_on": "1/1/2026"})
    assert "A version takes effect today or later" in early.content.decode()
    done = cora.post(address, boxes(cora, address) | {"effective_on": "31/12/2098"}, follow=True)
    assert "version 2" in done.content.decode()
    assert WeightingScheme.objects.get(version=2).maximum == 32
    assert cora.get(address).status_code == 404


def test_preview_of_a_draft_that_changes_no_band(cora: Client, draft: SchemeDraft) -> None:
    said = send(cora, draft, do="preview", maximum="99").content.decode()
    assert "Loads would change within their bands." in said


def test_area_that_is_not_there(cora: Client) -> None:
    assert cora.get(reverse("scheme-draft-new", args=["testshire", 999_999])).status_code == 404


def test_draft_is_thrown_away_after_a_question(cora: Client, draft: SchemeDraft) -> None:
    address = page(draft, "scheme-draft-drop")
    assert "The draft is thrown away." in cora.post(address, boxes(cora, address), follow=True).content.decode()
    assert not SchemeDraft.objects.exists()


@pytest.mark.parametrize(("name", "most"), [("scheme-draft", 9), ("scheme-draft-preview", 15)])
def test_statements_do_not_grow(
    cora: Client, draft: SchemeDraft, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    cora.get(page(draft, name))
    for _ in range(3):
        send(cora, draft, do="add:factors")
        send(cora, draft, **{f"factors-{3 + _}-name": f"Another {_}", f"factors-{3 + _}-points": "1"})
    with django_assert_max_num_queries(most):
        assert cora.get(page(draft, name)).status_code == 200


def test_statements_of_what_everybody_reads(cast: Cast, cora: Client, django_assert_max_num_queries: Any) -> None:
    for address in (LIST, reverse("scheme", args=["testshire", cast.scheme.pk])):
        with django_assert_max_num_queries(13):
            assert cora.get(address).status_code == 200
