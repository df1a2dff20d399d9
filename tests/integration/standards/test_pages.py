"""Pages of standards, drafts and local variations: what they say, and in how many statements."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from checks.actions.doing import Doing
from checks.actions.instruments import load_instrument
from checks.actions.standards import load_shipped_standards
from standards.actions import drafts
from standards.actions.variations import end_variation
from standards.editing import Place
from standards.models import ChosenStandards, LocalVariation, StandardDraft
from standards.models import StandardSet as SetRow
from teams.actions.setting_up import add_team
from tests.cast import AT, TODAY, Cast
from tests.integration.checks.test_surveys import own_instrument
from tests.integration.standards.cases import REVIEW, approved, proposed

MOST = 15
LONG = "A-name-without-a-single-space-" * 6


@pytest.fixture(autouse=True)
def now(cast: Cast) -> Iterator[None]:
    load_shipped_standards(at=AT)
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def cora(cast: Cast, client: Client) -> Client:
    client.force_login(cast.cora)
    return client


def start(cast: Cast) -> StandardDraft:
    copied = SetRow.objects.get(pack="england-2020", version="2020.3")
    return drafts.start_draft(employer=cast.employer, copied=copied, by=cast.cora, at=AT)


def doing(cast: Cast) -> dict[str, Any]:
    return {"by": cast.cora, "at": AT, "once": None, "seen": None}


def words(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def send(client: Client, address: str, **data: Any) -> str:
    """Fill in a form as its page shows it, with some answers changed; say what the next page says."""
    form = client.get(address).context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in (given | data).items() if value is not None and value is not False}
    return " ".join(client.post(address, given, follow=True).content.decode().replace("\u00a0", " ").split())


STANDARDS = "/employers/testshire/standards/"
VARIATIONS = "/employers/testshire/variations/"
SET = f"{STANDARDS}england-2020/2020.3/"


def test_list_says_what_is_in_use_and_what_is_missing(cora: Client, cast: Cast) -> None:
    shown = words(cora, STANDARDS)
    assert shown.index("Employer standards for social workers in England 2020") < shown.index("In use")
    assert "8 standards with something missing" in shown
    assert "25 measured, 29 judged, 8 asked of staff" in shown
    assert "2020.2" in shown


def test_reader_sees_a_version_whole_and_its_gaps(cast: Cast, client: Client) -> None:
    client.force_login(cast.femi)
    shown = words(client, SET)
    assert "Met: at most 100 %. Partly met: at most 110 %." in shown
    assert "Team load" in shown
    assert "Staff survey: demands" in shown
    assert "The publisher&#x27;s list of expectations was not found" in shown
    assert "Propose other thresholds" not in shown
    assert "Nothing is asked about this standard." in words(client, f"{STANDARDS}england-2025/2025.1/")
    assert client.get(f"{STANDARDS}england-2020/9/").status_code == 404


def test_version_in_use_shows_the_local_threshold(cora: Client, cast: Cast) -> None:
    approved(cast)
    assert "Met: at most 2 cases. Partly met: at most 8 cases." in words(cora, SET)
    assert "Propose other thresholds" in words(cora, SET)
    assert "at most 2 cases" not in words(cora, f"{STANDARDS}england-2020/2020.2/")


def test_principal_social_worker_chooses(cora: Client, cast: Cast) -> None:
    assert "The standards you use are saved." in send(cora, f"{STANDARDS}choose/", packs=["england-2025"])
    assert [row.pack for row in ChosenStandards.objects.all()] == ["england-2025"]
    assert "Choose at least one set" in send(cora, f"{STANDARDS}choose/", packs=[])
    stale = {"packs": ["adult-services"], "once": str(uuid4()), "seen": "0" * 16}
    told = cora.post(f"{STANDARDS}choose/", stale).content.decode()
    assert "Somebody else changed this while you had the form open" in told


def test_draft_is_written_previewed_and_published(cora: Client, cast: Cast) -> None:
    sent = {"once": str(uuid4())}
    made = cora.post(f"{SET}copy/", sent, follow=True)
    address = f"/standards/drafts/{StandardDraft.objects.get().public_id}/"
    assert made.redirect_chain == [(address, 302)]
    assert "The draft is there." in made.content.decode()
    again = cora.post(f"{SET}copy/", sent, follow=True)
    assert again.redirect_chain == [(address, 302)]
    assert "nothing was saved twice" in again.content.decode()
    assert "started a draft of these standards already" in send(cora, f"{SET}copy/")
    assert "Nothing was changed: there is nothing to publish." in send(cora, f"{address}publish/")
    about = {"title": "Ours", "effective_on": "02/11/2026"}
    assert "The draft is saved." in send(cora, f"{address}about/", **about)
    assert 'Used from</dt><dd class="govuk-summary-list__value">2 November 2026' in words(cora, address)
    load = f"{address}standards/2/indicators/0/"
    assert "The draft is saved." in send(cora, load, met="20", partly="22")
    shown = words(cora, f"{address}preview/")
    assert "Standard 3, Safe workloads and case allocation: 1 team would move from" in shown
    assert "3-load, The team&#x27;s load stays within its capacity: 1 team would move from met to" in shown
    assert "Published." in send(cora, f"{address}publish/")
    row = SetRow.objects.get(employer=cast.employer)
    assert (row.title, row.version) == ("Ours", "1")
    assert "Your own" in words(cora, STANDARDS)
    assert cora.get(address).status_code == 404
    assert cora.post(f"{SET}copy/", sent, follow=True).redirect_chain == [(STANDARDS, 302)]


def test_each_fault_leads_to_the_page_where_it_is_put_right(cora: Client, cast: Cast) -> None:
    draft = start(cast)
    address = f"/standards/drafts/{draft.public_id}/"
    send(cora, f"{address}about/", publisher="", effective_on="")
    send(cora, f"{address}standards/2/indicators/0/", met="many")
    send(cora, f"{address}standards/2/expectations/0/", text="")
    send(cora, f"{address}standards/3/change/", title="")
    send(cora, f"{address}add/", code="3", title="Ours", source="Us", completeness="All")
    page = f"{address}standards/"
    shown = words(cora, address)
    for place, said in {
        f"{address}about/": "Publisher",
        f"{page}2/indicators/0/": "Standard 3, indicator 3-load, met",
        f"{page}2/expectations/0/": "Standard 3, expectation ",
        f"{page}3/change/": "Standard 4, title",
        f"{page}8/": "Standard 3, expectations",
    }.items():
        assert f'<a class="govuk-link" href="{place}">{said}' in shown
        assert cora.get(place).status_code == 200
    assert "The code “3” is given to 2 standards." in shown


def test_draft_without_a_standard_says_to_add_one(cora: Client, cast: Cast) -> None:
    draft = start(cast)
    address = f"/standards/drafts/{draft.public_id}/"
    for _ in range(8):
        drafts.remove_part(draft=draft, place=Place(0), **doing(cast))
    assert f'<a class="govuk-link" href="{address}add/">Standards</a> are missing: add at least one standard.' in words(
        cora, address
    )
    told = send(cora, f"{address}publish/")
    assert "1 thing must be put right before this can be published. It is listed on the page of the draft." in told


def test_faulty_draft_is_saved_with_its_faults_and_not_published(cora: Client, cast: Cast) -> None:
    address = f"/standards/drafts/{start(cast).public_id}/"
    send(cora, f"{address}standards/2/indicators/0/", met="many", threshold_source="")
    for page in (address, f"{address}preview/", f"{address}standards/2/"):
        shown = words(cora, page)
        assert "2 things to put right before it can be published" in shown
        assert "Standard 3, indicator 3-load, met</a> must be a number." in shown
    assert "put right" not in words(cora, f"{address}standards/1/")
    assert f"{address}publish/" not in words(cora, address)
    assert "2 things must be put right" in send(cora, f"{address}publish/")
    told = send(cora, f"{address}standards/2/indicators/0/", met="1" * 201)
    assert "This must be 200 characters or fewer" in told
    assert "Ensure this" not in told
    send(cora, f"{address}about/", effective_on="")
    assert "not known" in words(cora, address)


def test_parts_are_added_moved_and_taken_out(cora: Client, cast: Cast) -> None:
    address = f"/standards/drafts/{start(cast).public_id}/"
    assert "added at the end" in send(cora, f"{address}add/", code="9", title="Ours", source="Us", completeness="All")
    ours = f"{address}standards/8/"
    assert "Nothing yet." in words(cora, ours)
    send(cora, f"{ours}change/", gap="Nothing was agreed yet.")
    assert "Nothing was agreed yet." in words(cora, ours)
    send(cora, f"{ours}add/expectation/", code="ours-1", text="A kettle for every team.")
    send(cora, f"{ours}add/judged/", code="9-kettle", text="There is a kettle.", expectation="ours-1", basis="Us")
    scale = {"scale": "working-conditions/role", "met": "75", "partly": "51", "threshold_source": "Us"}
    send(cora, f"{ours}add/surveyed/", code="9-role", text="Role", basis="Us", **scale)
    measure = {"measure": "supervision_on_time_pct", "met": "95", "partly": "80", "threshold_source": "Us"}
    send(cora, f"{ours}add/measured/", code="9-late", text="Supervision", basis="Us", essential="on", **measure)
    draft = StandardDraft.objects.get()
    made = draft.document["standards"][8]
    assert [(one["code"], one.get("direction")) for one in made["indicators"]] == [
        ("9-kettle", None),
        ("9-role", "at_least"),
        ("9-late", "at_least"),
    ]
    assert (made["indicators"][0]["expectation"], made["indicators"][2]["essential"]) == ("ours-1", True)
    move = {"seen": draft.revision, "standard": 8, "part": "indicators", "entry": 2, "up": "on"}
    assert "Moved." in cora.post(f"{address}move/", move, follow=True).content.decode()
    told = cora.post(f"{address}move/", move, follow=True).content.decode()
    assert "changed this draft while you had the form open" in told
    assert cora.post(f"{address}move/", {"standard": "x"}, follow=True).status_code == 200
    assert "It is out of the draft." in send(cora, f"{ours}indicators/0/remove/")
    assert "It is out of the draft." in send(cora, f"{ours}remove/")
    assert cora.get(ours).status_code == cora.get(f"{address}standards/0/add/nonsense/").status_code == 404
    assert "The draft is gone." in send(cora, f"{address}give-up/")


def test_own_standards_may_name_a_survey_that_the_employer_has_loaded(cora: Client, cast: Cast) -> None:
    load_instrument(
        employer=cast.employer, definition=own_instrument(), benchmarks={}, label="", doing=Doing(cast.cora, AT)
    )
    address = f"/standards/drafts/{start(cast).public_id}/"
    given = {"scale": "our-own/pressure", "met": "75", "partly": "51", "threshold_source": "Us", "basis": "Us"}
    send(cora, f"{address}standards/2/add/surveyed/", code="3-ours", text="Pressure is low.", **given)
    assert "put right" not in words(cora, address)
    assert "Published." in send(cora, f"{address}publish/")
    assert "Staff survey: pressure" in words(cora, f"{STANDARDS}own-england-2020/1/")
    assert SetRow.objects.get(employer=cast.employer).standards.filter(indicators__scale="our-own/pressure").exists()


def test_two_people_with_the_same_form_are_told(cora: Client, cast: Cast) -> None:
    draft = start(cast)
    address = f"/standards/drafts/{draft.public_id}/about/"
    seen = {"seen": draft.revision, "once": str(uuid4()), "title": "Mine"}
    drafts.remove_part(draft=draft, place=Place(7), **doing(cast))
    assert "changed this draft while you had the form open" in cora.post(address, seen).content.decode()


def test_nothing_about_people_who_use_services_is_written_into_standards(cora: Client, cast: Cast) -> None:
    address = f"/standards/drafts/{start(cast).public_id}/standards/2/expectations/0/"
    assert "This looks like a date of birth" in send(cora, address, text="As agreed for the boy born 03/04/2015")


def vary(**changes: str) -> dict[str, str]:
    fields = {"met": "2", "partly": "8", "reason": "New front door", "evidence": "https://example.org/paper"}
    return fields | {"starts_on": "02/11/2026", "review_on": "01/05/2027"} | changes


NEW = f"{STANDARDS}england-2020/indicators/3-unallocated/vary/"


def test_variation_is_proposed_declined_and_kept(cora: Client, cast: Cast) -> None:
    assert "Nationally: Met: at most 0 cases. Partly met: at most 5 cases." in words(cora, NEW)
    assert "they would overlap" in send(cora, NEW, **vary(partly="1"))
    assert "Enter a number, such as 5" in send(cora, NEW, **vary(met="few"))
    for typed in ("12345678901", "10000000", "1.234", "9999999.123"):
        told = send(cora, NEW, **vary(met=typed))
        assert "Enter a number up to 9,999,999.99, with two places at most" in told
        assert "Ensure that" not in told
    assert "The variation is proposed." in send(cora, NEW, **vary())
    assert "waits for a decision already" in send(cora, NEW, **vary())
    row = LocalVariation.objects.get()
    shown = words(cora, f"/variations/{row.public_id}/")
    assert '<a href="https://example.org/paper"' in shown
    assert "Withdraw" in shown
    assert "Approve</a>" not in shown
    cora.force_login(cast.dev)
    assert "Approve</a>" in words(cora, f"/variations/{row.public_id}/")
    assert "Enter the reason for the decision" in send(cora, f"/variations/{row.public_id}/decline/", words="")
    assert "Declined: Put the door right" in send(
        cora, f"/variations/{row.public_id}/decline/", words="Put the door right"
    )
    assert "has been declined already" in send(cora, f"/variations/{row.public_id}/approve/", words="After all")


def test_variation_is_approved_and_ended_or_lapses(cora: Client, cast: Cast) -> None:
    row, other = proposed(cast), approved(cast, indicator="3-load", met=105, partly=120)
    cora.force_login(cast.dev)
    assert "Approved: Agreed" in send(cora, f"/variations/{row.public_id}/approve/", words="Agreed")
    shown = words(cora, VARIATIONS)
    assert shown.index("In force</h2>") < shown.index("Hardly any case is without a worker.") < shown.index("Over</h2>")
    assert "Ended before it counted on any day: Enough" in send(
        cora, f"/variations/{row.public_id}/end/", words="Enough"
    )
    with time_machine.travel(AT + timedelta(days=160)):
        cora.force_login(cast.dev)
        assert "In force, review due" in words(cora, VARIATIONS)
    with time_machine.travel(AT + timedelta(days=181)):
        cora.force_login(cast.dev)
        assert "Lapsed by itself after" in words(cora, f"/variations/{other.public_id}/")
        assert "None: the national thresholds apply everywhere." in words(cora, VARIATIONS)


def test_variation_that_has_not_begun_is_ended_at_once(cora: Client, cast: Cast) -> None:
    row = approved(cast, starts_on=TODAY + timedelta(days=10))
    shown = words(cora, VARIATIONS)
    heading = "Approved, not yet in force</h2>"
    assert shown.index("In force</h2>") < shown.index(heading) < shown.index("Hardly any case is without a worker.")
    told = send(cora, f"/variations/{row.public_id}/end/", words="Enough")
    assert "Ended before it counted on any day: Enough" in told
    assert "Ended. The national threshold applies." in told
    assert "End it now" not in told
    shown = words(cora, VARIATIONS)
    assert shown.index("Over</h2>") < shown.index("Hardly any case is without a worker.")


def test_variation_is_named_in_words(cora: Client, cast: Cast) -> None:
    row = proposed(cast)
    cora.force_login(cast.dev)
    for address in (f"/variations/{row.public_id}/", f"/variations/{row.public_id}/approve/", VARIATIONS):
        shown = words(cora, address)
        assert "Hardly any case is without a worker." in shown
        assert "Employer standards for social workers in England 2020" in shown
        assert "of england-2020" not in shown
        assert "england-2020, 3-unallocated" not in shown
        assert "of indicator 3-unallocated" not in shown


def test_variation_that_another_will_replace_offers_no_second_end(cora: Client, cast: Cast) -> None:
    row = approved(cast)
    assert "End it now" in words(cora, f"/variations/{row.public_id}/")
    approved(cast, met=3, starts_on=TODAY + timedelta(days=10))
    assert "End it now" not in words(cora, f"/variations/{row.public_id}/")


def test_proposal_is_withdrawn(cora: Client, cast: Cast) -> None:
    row = proposed(cast)
    assert "Withdrawn: Wrong figures" in send(cora, f"/variations/{row.public_id}/withdraw/", words="Wrong figures")


@pytest.mark.parametrize("code", ["3-contingency", "made-up"])
def test_what_has_no_thresholds_cannot_be_varied(cora: Client, code: str) -> None:
    assert cora.get(f"{STANDARDS}england-2020/indicators/{code}/vary/").status_code == 404
    assert cora.get(f"{STANDARDS}england-2025/indicators/3-load/vary/").status_code == 404


def test_surveyed_indicator_is_varied_in_scores(cora: Client) -> None:
    assert "at least (out of 100)" in words(cora, f"{STANDARDS}england-2020/indicators/3-demands/vary/")


def test_pages_before_anything_is_there(client: Client, cast: Cast) -> None:
    client.force_login(cast.gil)
    slug = cast.elsewhere.employer.slug
    shown = words(client, f"/employers/{slug}/variations/")
    assert "None: the national thresholds apply everywhere." in shown
    assert "Propose" not in shown
    assert "Drafts" not in words(client, f"/employers/{slug}/standards/")


@pytest.mark.parametrize("page", [STANDARDS, SET, VARIATIONS, f"{STANDARDS}choose/", "draft", "preview/", "variation"])
def test_statements_do_not_grow(
    cora: Client, cast: Cast, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """With more teams, versions and variations than a second ago, a page asks no more questions."""
    draft = start(cast)
    draft_address = f"/standards/drafts/{draft.public_id}/"
    row = proposed(cast)
    own = {"draft": draft_address, "preview/": f"{draft_address}preview/", "variation": f"/variations/{row.public_id}/"}
    address = own.get(page, page)
    words(cora, address)
    most = 32 if page == "preview/" else MOST
    with django_assert_max_num_queries(most) as before:
        words(cora, address)
    for number in range(4):
        add_team(service_area=cast.area, name=f"{LONG}{number}"[:190], by=None, at=AT)
        for code in ("3-load", "3-wait", "3-over"):
            met = {"3-load": 105, "3-wait": 7, "3-over": 15}[code] + number
            end_variation(
                variation=approved(
                    cast, indicator=code, met=met, partly=200, review_on=REVIEW - timedelta(days=number)
                ),
                words="Over",
                by=cast.dev,
                at=AT,
            )
    with django_assert_max_num_queries(len(before.captured_queries)):
        words(cora, address)
