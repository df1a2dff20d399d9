"""A cycle given to the public: exactly what the director read, at one address, until it is withdrawn."""

import csv
import io
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker
from odfdo import Document

from checks.actions.publishing import ANOTHER, withdraw
from checks.models import Publication
from checks.publication_schema import SCHEMA
from checks.publishing import COLUMNS
from checks.queries.to_publish import what_to_publish
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, WALL, Cast
from tests.integration.checks import publishing, rounds


def address(publication: Publication, name: str = "publication") -> str:
    return reverse(name, args=[publication.employer.slug, publication.slug])


def test_what_is_published_is_what_anybody_reads(cast: Cast, client: Client) -> None:
    publication = publishing.published(cast)
    page = client.get(address(publication))
    assert page.status_code == 200
    assert "We looked at every team." in page.text
    assert "Heron Team" in page.text
    assert "max-age=300" in page["Cache-Control"]
    assert "public" in page["Cache-Control"]
    assert "Asha" not in page.text
    team = client.get(reverse("publication-team", args=[cast.employer.slug, publication.slug, 1]))
    assert "Unallocated" in team.text or "unallocated" in team.text
    assert client.get(reverse("publication-team", args=[cast.employer.slug, publication.slug, 2])).status_code == 404
    assert publication.slug == "autumn-2026"
    listed = client.get(reverse("publications", args=[cast.employer.slug]))
    assert address(publication) in listed.text


def test_measures_of_single_workers_are_left_out(cast: Cast) -> None:
    content = publishing.published(cast).content
    (team,) = content["teams"]
    assert [one["indicator"] for standard in team["standards"] for one in standard["indicators"]] == [
        *("unallocated", "fair", "space")
    ]
    assert team["standards"][0]["left_out"] == 1


def test_no_finding_says_what_was_found_of_single_workers(cast: Cast, client: Client) -> None:
    """Both standards are not met, by a measure about single workers alone: the public reads nothing of it."""
    publishing.grown(cast)
    cycle = rounds.opened(cast, standard_set=rounds.single_set())
    check = rounds.check_of(cycle, cast.team)
    rounds.finish(cast, check)
    publication = publishing.publish(cast, cycle)
    assert [(one["national"], one["local"]) for one in publication.content["teams"][0]["standards"]] == [
        ("met", "met"),
        ("not_published", "not_published"),
    ]
    counted = [one["national"] for one in publication.content["findings"]]
    assert [(one["met"], one["not_met"], sum(one.values())) for one in counted] == [(1, 0, 1), (0, 0, 0)]
    Draft202012Validator(json.loads(SCHEMA)).validate(client.get(address(publication, "publication-json")).json())
    of_team = reverse("publication-team", args=[cast.employer.slug, publication.slug, 1])
    client.force_login(cast.femi)
    of_members = reverse("check-published", args=[check.public_id])
    for there in (address(publication), of_team, of_members):
        text = client.get(there).text
        assert "app-finding--met" in text, there
        assert "app-finding--not_met" not in text, there
    assert "not published" in client.get(address(publication)).text


def test_json_is_as_its_schema_says(cast: Cast, client: Client) -> None:
    publication = publishing.published(cast)
    answer = client.get(address(publication, "publication-json"))
    schema = json.loads(client.get(reverse("publication-schema")).text)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())
    told = answer.json()
    assert told["address"] == f"http://testserver{address(publication)}"
    assert told["$schema"].endswith("/published/schema.json")
    assert {name: told[name] for name in publication.content} == publication.content
    assert json.loads(SCHEMA) == schema


def test_csv_holds_the_same(cast: Cast, client: Client) -> None:
    publication = publishing.published(cast)
    answer = client.get(address(publication, "publication-csv"))
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert tuple(header) == COLUMNS
    first = dict(zip(header, rows[0], strict=True))
    counted = publication.content["findings"][0]["national"]
    assert {name: int(first[f"national_{name}"]) for name in counted} == counted
    assert "indicator of a team" in {row[0] for row in rows}


def test_the_page_gives_its_tables_too(cast: Cast, client: Client) -> None:
    answer = client.get(address(publishing.published(cast)), {"data": "ods"})
    assert answer.status_code == 200
    assert "opendocument" in answer["Content-Type"]


def test_the_file_of_a_public_page_says_so_to_whoever_takes_it(cast: Cast, client: Client) -> None:
    there = address(publishing.published(cast))
    said = []
    for person in (None, cast.dev):
        if person:
            client.force_login(person)
        notes = Document(io.BytesIO(client.get(there, {"data": "ods"}).content)).body.tables[0]
        said.append(dict(notes.get_values()[1:])["Who may see it"])
    assert said == ["Anybody: the page is public."] * 2
    behind = client.get(reverse("overview", args=[cast.employer.slug]), {"data": "ods"})
    notes = Document(io.BytesIO(behind.content)).body.tables[0]
    assert dict(notes.get_values()[1:])["Who may see it"].startswith("Whoever may see the page.")


def test_a_small_team_is_counted_and_not_told_about(cast: Cast) -> None:
    small = rounds.published(cast)
    content = what_to_publish(small.cycle).content
    assert (content["teams_shown"], content["teams_too_small"], content["teams"]) == (0, 1, [])
    assert all(not any(one["national"].values()) for one in content["findings"])
    with pytest.raises(NotAllowed, match="fewer than 5 people"):
        publishing.publish(cast, small.cycle)


def test_nothing_is_published_before_a_check_is(cast: Cast) -> None:
    publishing.grown(cast)
    cycle = rounds.signed(cast).cycle
    with pytest.raises(NotAllowed, match="No health check of this cycle is published yet"):
        publishing.publish(cast, cycle)


def test_what_was_not_shown_is_not_published(cast: Cast) -> None:
    cycle = publishing.to_publish(cast)
    with pytest.raises(NotAllowed, match="not what you were shown"):
        publishing.publish(cast, cycle, chosen=["1"])
    with pytest.raises(NotAllowed, match="at least one standard"):
        publishing.publish(cast, cycle, chosen=[])


def test_standards_left_out_are_named(cast: Cast) -> None:
    cycle = publishing.to_publish(cast)
    shown = what_to_publish(cycle, chosen=["2"]).fingerprint
    content = publishing.publish(cast, cycle, chosen=["2"], shown=shown).content
    assert content["not_published"] == [{"code": "1", "title": "Workload"}]
    assert [one["standard"] for one in content["findings"]] == ["2"]


def test_withdrawn_is_said_at_the_address_and_published_again_there(cast: Cast, client: Client) -> None:
    first = publishing.published(cast)
    withdraw(cycle=first.cycle, reason="A figure was wrong", doing=rounds.doing(cast.dev))
    for name in ("publication", "publication-csv", "publication-json"):
        gone = client.get(address(first, name))
        assert gone.status_code == 410
        assert "A figure was wrong" in gone.text
    assert client.get(reverse("publication-team", args=[cast.employer.slug, first.slug, 1])).status_code == 410
    assert "Nothing is published now" in client.get(reverse("publications", args=[cast.employer.slug])).text
    with pytest.raises(NotAllowed, match="Nothing of this cycle"):
        withdraw(cycle=first.cycle, reason="Again", doing=rounds.doing(cast.dev))
    second = publishing.publish(cast, first.cycle, words="Now right.")
    assert (second.number, second.slug) == (2, first.slug)
    page = client.get(address(first))
    assert page.status_code == 200
    assert "in the place of what was published before" in page.text
    events = list(AuditEntry.objects.filter(target__startswith="checks.Publication").values_list("event", flat=True))
    assert sorted(events) == ["CYCLE_PUBLISHED", "CYCLE_PUBLISHED", "PUBLICATION_WITHDRAWN"]


def test_two_cycles_never_share_an_address(cast: Cast) -> None:
    first = publishing.published(cast)
    other = rounds.opened(cast, name="Autumn 2026!", standard_set=first.cycle.standard_set)
    Publication.objects.create(
        employer=cast.employer, cycle=other, number=1, slug="autumn-2026-2", document="{}", published_at=AT
    )
    with pytest.raises(IntegrityError):
        Publication.objects.create(
            employer=cast.employer, cycle=other, number=1, slug="x", document="{}", published_at=AT
        )


@pytest.mark.parametrize(
    "change", [{"document": "{}"}, {"slug": "other"}, {"number": 7}], ids=["content", "address", "number"]
)
def test_what_is_published_stays(cast: Cast, change: dict[str, object]) -> None:
    publication = publishing.published(cast)
    with pytest.raises(InternalError):
        Publication.objects.filter(pk=publication.pk).update(**change)


def test_a_publication_is_never_deleted(cast: Cast) -> None:
    publication = publishing.published(cast)
    with pytest.raises(InternalError):
        Publication.objects.filter(pk=publication.pk).delete()


def test_a_withdrawal_needs_words(cast: Cast) -> None:
    publication = publishing.published(cast)
    with pytest.raises(IntegrityError):
        Publication.objects.filter(pk=publication.pk).update(withdrawn_at=AT)


def test_only_a_director_of_all_publishes(cast: Cast) -> None:
    cycle = publishing.to_publish(cast)
    with pytest.raises(PermissionDenied):
        publishing.publish(cast, cycle, doing=rounds.doing(cast.cora))


def test_the_form_shows_what_will_be_seen_and_publishes_just_that(cast: Cast, client: Client) -> None:
    cycle = publishing.to_publish(cast)
    client.force_login(cast.dev)
    there = reverse("cycle-publish", args=[cycle.public_id])
    page = client.get(there)
    assert "Heron Team" in page.text
    sent = {"once": page.context["form"]["once"].value(), "words": "Thanks to Asha.", "standards": ["2"], "read": "on"}
    refused = client.post(there, sent | {"shown": page.context["found"].fingerprint})
    assert ANOTHER[:40] in refused.text
    assert "Asha" in refused.context["found"].names
    done = client.post(there, sent | {"shown": refused.context["found"].fingerprint})
    assert done.status_code == 302
    watched = client.get(done.url)
    assert address(Publication.objects.get()) in watched.text
    withdrawn = client.post(
        reverse("cycle-withdraw", args=[cycle.public_id]),
        {"once": "0d7a5f0e-4a0e-4d6e-9c0e-0a3a2c1b4d5e", "reason": "Too early"},
    )
    assert withdrawn.status_code == 302
    assert "Too early" in client.get(done.url).text


def test_what_is_shown_takes_a_fixed_number_of_statements(
    cast: Cast, django_assert_num_queries: object, client: Client
) -> None:
    cycle = publishing.to_publish(cast)
    what_to_publish(cycle)
    with django_assert_num_queries(8):  # type: ignore[operator]
        what_to_publish(cycle)
    publication = publishing.publish(cast, cycle)
    # nobody's rows for whoever is not signed in, then those of the employer at the address
    with django_assert_num_queries(1 + WALL + WALL):  # type: ignore[operator]
        client.get(address(publication))


def test_nothing_is_said_of_an_employer_that_published_nothing(cast: Cast, client: Client) -> None:
    assert client.get(reverse("publications", args=[cast.employer.slug])).status_code == 404
    assert client.get(reverse("publication", args=[cast.employer.slug, "autumn-2026"])).status_code == 404
