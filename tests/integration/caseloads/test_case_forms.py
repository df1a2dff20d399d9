"""Recording and changing cases on pages: what is shown, what is refused, once and from what was seen."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from caseloads.actions.case_changes import Doing, close
from caseloads.models import Case, CaseChange
from caseloads.queries.cases import weight_of
from tests.cast import AT, TODAY, Cast, record
from tests.cast import case as new_case

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def ben(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ben)
    return client


def the(reference: str) -> Case:
    return Case.objects.select_related("employer", "team__service_area", "team__employer").get(reference=reference)


def words(response: HttpResponse) -> str:
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def address(name: str, reference: str) -> str:
    return reverse(name, args=[the(reference).public_id])


def hidden(client: Client, where: str) -> dict[str, str]:
    """What the form on a page carries unseen."""
    form = client.get(where).context["form"]
    found = {field.html_name: str(field.value()) for field in form.hidden_fields()}
    first = {field.html_initial_name: str(field.value()) for field in form if field.field.show_hidden_initial}
    return found | first


def send(client: Client, where: str, said: Mapping[str, object]) -> HttpResponse:
    return client.post(where, hidden(client, where) | dict(said))


def on_a_new_page(client: Client, cast: Cast, **said: object) -> HttpResponse:
    fields = {"reference": "N-1", "opened_on": "1/11/2026", "priority": "2", "category": "assessment"} | said
    return send(client, reverse("case-new", args=[cast.team.public_id]), fields)


def test_recorded_case_is_shown_with_what_it_weighs(cast: Cast, ben: Client) -> None:
    answer = on_a_new_page(ben, cast, factors=["long_travel"], count_further_child="2", family_reference="F-9")
    assert answer.url == address("case", "N-1")  # type: ignore[attr-defined]
    shown = words(ben.get(answer.url))  # type: ignore[attr-defined]
    for said in (
        "The case is recorded.",
        "8.00",
        "Assessment 5.00 + Long travel 1.00 + Each further child 1.00 × 2",
        "High",
        "F-9",
    ):
        assert said in shown


def test_case_of_unknown_category_counts_with_the_default_weight(cast: Cast, ben: Client) -> None:
    on_a_new_page(ben, cast, category="")
    assert weight_of(the("N-1"), as_of=TODAY).unrated


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reference": ""}, "Enter the case’s reference"),
        ({"reference": "x" * 81}, "80 characters or fewer"),
        ({"reference": "T-001"}, "T-001 is recorded already"),
        ({"opened_on": ""}, "Enter the day it was opened"),
        ({"opened_on": "31/02/2026"}, "Enter a real day"),
        ({"opened_on": "3/11/2026"}, "A case opens today or on an earlier day."),
        ({"priority": ""}, "Choose a priority"),
        ({"category": "", "factors": ["long_travel"]}, "Choose a category"),
        ({"category": "", "count_further_child": "1"}, "Choose a category"),
        ({"count_further_child": "-1"}, "enter 0 or more"),
        ({"count_further_child": "many"}, "enter a whole number"),
        ({"count_further_child": "100"}, "enter 99 or fewer"),
        ({"override": "9"}, "Enter why the weight is set by hand"),
        ({"override": "21", "override_reason": "Daily contact"}, "Enter a weight from 1 to 20"),
        ({"override_reason": "Daily contact"}, "take its reason out"),
        ({"override": "nine"}, "Enter a weight from 1 to 20"),
        ({"override": "9.125", "override_reason": "Daily contact"}, "at most two places"),
        ({"override": "9", "override_reason": "dob 1/2/2019"}, "looks like a date of birth"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    cast: Cast, ben: Client, said: dict[str, object], sentence: str
) -> None:
    before = Case.objects.count()
    answer = on_a_new_page(ben, cast, **said)
    assert sentence in words(answer)
    assert "There is a problem" in words(answer)
    assert Case.objects.count() == before


def test_weight_is_worked_out_before_anything_is_saved(cast: Cast, ben: Client) -> None:
    where = reverse("case-new", args=[cast.team.public_id])
    assert "Not rated yet: default weight 5.00" in words(ben.get(where))
    said = {"category": "child_protection", "factors": ["long_travel"], "reference": "N-7", "work_out": "1"}
    shown = words(send(ben, where, said))
    assert "Weight: 9.00.</strong> Child protection 8.00 + Long travel 1.00" in shown
    assert "There is a problem" not in shown
    assert 'value="N-7"' in shown
    assert not Case.objects.filter(reference="N-7").exists()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?category=proceedings", "Weight: 10.00."),
        ("?category=proceedings&factors=long_travel&count_further_child=30", "highest case weight 20.00 applies"),
        ("?category=proceedings&override=3", "Weight set by hand 3.00"),
        ("", "default weight 5.00"),
        (
            "?category=proceedings&count_further_child=x",
            "Weight: not known.</strong> Each further child: enter a whole",
        ),
        ("?category=nonsense", "Weight: not known."),
        ("?factors=long_travel", "Choose a category"),
    ],
)
def test_weight_is_told_while_somebody_chooses(cast: Cast, ben: Client, query: str, said: str) -> None:
    answer = ben.get(reverse("case-weight", args=[cast.team.public_id]) + query)
    assert said in words(answer)
    assert "<html" not in words(answer)


def test_rating_again_begins_from_the_last_one(cast: Cast, ben: Client) -> None:
    where = address("case-rate", "T-003")
    shown = words(ben.get(where))
    assert "Weight: 5.00." in shown
    assert "checked" in shown
    assert "9.00" in words(
        send(ben, where, {"category": "child_protection", "factors": "long_travel", "work_out": "1"})
    )
    answer = send(ben, where, {"category": "child_protection", "reason": "Now on a plan"})
    assert "Rated: 5.00 → 8.00. Now on a plan." in words(ben.get(answer.url))  # type: ignore[attr-defined]


def test_rating_needs_a_reason(cast: Cast, ben: Client) -> None:
    shown = words(send(ben, address("case-rate", "T-003"), {"category": "assessment"}))
    assert "Enter why the case is rated now" in shown
    assert the("T-003").ratings.count() == 1


def test_weight_set_by_hand_is_not_filled_in_again(cast: Cast, ben: Client) -> None:
    said = {"category": "assessment", "override": "12.5", "override_reason": "Daily contact", "reason": "Review"}
    send(ben, address("case-rate", "T-003"), said)
    assert weight_of(the("T-003"), as_of=TODAY).weight == Decimal("12.50")
    assert "12.5" not in words(ben.get(address("case-rate", "T-003"))).split("<main")[1].split("Weight:")[0]


def test_form_sent_twice_says_so_and_is_saved_once(cast: Cast, ben: Client) -> None:
    where = reverse("case-new", args=[cast.team.public_id])
    form = hidden(ben, where) | {
        "reference": "N-1",
        "opened_on": "1/11/2026",
        "priority": "3",
        "category": "assessment",
    }
    first, second = ben.post(where, form), ben.post(where, form)
    assert first.url == second.url  # type: ignore[attr-defined]
    assert "nothing was saved twice" in words(ben.get(second.url))  # type: ignore[attr-defined]
    assert Case.objects.filter(reference="N-1").count() == 1


def test_stale_form_says_what_changed_keeps_what_was_typed_and_can_be_sent_again(cast: Cast, ben: Client) -> None:
    where = address("case-rate", "T-003")
    form = hidden(ben, where) | {"category": "proceedings", "reason": "Care application"}
    send(ben, address("case-rate", "T-003"), {"category": "assessment", "reason": "Stepped down"})
    shown = ben.post(where, form)
    assert "Stepped down (Ben Test, 2 November 2026 at 09:30)" in words(shown)
    assert "Care application" in words(shown)
    assert the("T-003").category == "assessment"
    again = form | {"seen": str(shown.context["form"]["seen"].value())}
    assert ben.post(where, again).status_code == 302
    assert the("T-003").category == "proceedings"
    assert the("T-003").ratings.count() == 3


def corrected(of: str, **changes: object) -> dict[str, object]:
    case = the(of)
    return {
        "reference": case.reference,
        "family_reference": case.family_reference,
        "category": case.category,
        "opened_on": f"{case.opened_on:%d/%m/%Y}",
        "priority": str(case.priority),
        "reason": "Misread",
    } | changes


def test_correction_is_saved_with_its_reason(cast: Cast, ben: Client) -> None:
    answer = send(ben, address("case-correct", "T-003"), corrected("T-003", reference="T-3", priority="1"))
    shown = words(ben.get(answer.url))  # type: ignore[attr-defined]
    assert "Corrected: reference T-003 → T-3; priority Routine → Urgent. Misread." in shown


def test_stale_correction_takes_over_what_others_corrected(cast: Cast, ben: Client) -> None:
    where = address("case-correct", "T-003")
    form = hidden(ben, where) | corrected("T-003", priority="1", opened_on="01/08/2026")
    send(ben, where, corrected("T-003", family_reference="F-5", opened_on="02/08/2026"))
    shown = ben.post(where, form)
    assert "family none → F-5" in words(shown)
    page = shown.context["form"]
    now = {name: page[name].value() for name in ("family_reference", "priority", "opened_on")}
    assert now == {"family_reference": "F-5", "priority": "1", "opened_on": "01/08/2026"}
    firsts = {page[name].html_initial_name: page.data[page[name].html_initial_name] for name in now}
    assert ben.post(where, form | now | firsts | {"seen": page["seen"].value()}).status_code == 302
    assert (the("T-003").family_reference, the("T-003").priority) == ("F-5", 1)


def test_whoever_corrects_a_case_that_was_closed_meanwhile_is_told_so(cast: Cast, ben: Client) -> None:
    where = address("case-correct", "T-003")
    form = hidden(ben, where) | corrected("T-003", priority="1")
    close(case=the("T-003"), closed_on=TODAY, doing=Doing(by=cast.hana, at=AT))
    text = words(ben.post(where, form))
    assert "This case has changed since you opened the page. Closed" in text
    assert "Enter the day it was closed" not in text


def test_correction_with_unknown_category_keeps_it(cast: Cast, ben: Client) -> None:
    record(cast, new_case("X", category="retired-code"))
    answer = send(ben, address("case-correct", "X"), corrected("X", priority="1"))
    assert answer.status_code == 302
    assert the("X").category == "retired-code"


def test_case_is_closed_and_opened_again(cast: Cast, ben: Client) -> None:
    assert "Nothing that is recorded about it is deleted" in words(ben.get(address("case-close", "T-003")))
    assert send(ben, address("case-close", "T-003"), {"closed_on": "1/11/2026"}).status_code == 302
    shown = words(ben.get(address("case", "T-003")))
    assert "This case is closed." in shown
    assert "Rate again" not in shown
    send(ben, address("case-correct", "T-003"), corrected("T-003", closed_on="31/10/2026"))
    assert "closed on 1 November 2026 → 31 October 2026" in words(ben.get(address("case", "T-003")))
    assert send(ben, address("case-reopen", "T-003"), {"reason": "By mistake"}).status_code == 302
    assert "Nobody holds it yet." in words(ben.get(address("case", "T-003")))
    kinds = CaseChange.objects.filter(case=the("T-003")).values_list("kind", flat=True)
    assert list(kinds) == ["RECORDED", "CLOSED", "CORRECTED", "REOPENED"]


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("case-close", {"closed_on": "3/11/2026"}, "A case closes today or on an earlier day."),
        ("case-close", {"closed_on": ""}, "Enter the day it was closed"),
        ("case-close", {"closed_on": "1/1/2020"}, "A case cannot close before it opened."),
        ("case-reopen", {"reason": "Why not"}, "This case is open already."),
        ("case-reopen", {"reason": ""}, "Enter why it is opened again"),
        ("case-correct", {}, "Enter why it is corrected"),
    ],
)
def test_refusals_are_shown_on_the_form(
    cast: Cast, ben: Client, name: str, said: dict[str, object], sentence: str
) -> None:
    answer = send(ben, address(name, "T-003"), said)
    assert sentence in words(answer)
    assert the("T-003").revision == 1


def test_area_without_a_scheme_records_and_says_why_it_cannot_weigh(cast: Cast, client: Client) -> None:
    client.force_login(cast.gil)
    where = reverse("case-new", args=[cast.elsewhere.public_id])
    assert "No weighting scheme is published" in words(client.get(where))
    answer = send(client, where, {"reference": "E-1", "opened_on": "1/11/2026", "priority": "3"})
    assert "No weighting scheme is published" in words(client.get(answer.url))  # type: ignore[attr-defined]
    assert "E-1" in words(client.get(reverse("team-cases", args=[cast.elsewhere.public_id])))


@pytest.mark.parametrize("name", ["case-rate", "case-correct", "case-close", "case-reopen", "case-new", "case-weight"])
def test_statements_of_a_form(cast: Cast, ben: Client, django_assert_max_num_queries: Any, name: str) -> None:
    key = cast.team.public_id if name in {"case-new", "case-weight"} else the("T-003").public_id
    ben.get(reverse(name, args=[key]))
    with django_assert_max_num_queries(9):
        ben.get(reverse(name, args=[key]))
