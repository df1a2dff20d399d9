"""The API: what opens it, what it gives, and that it gives what the pages give."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caseloads.models import Allocation, Case
from caseloads.queries.workloads import team_workload
from caseloads.snapshots import score_employer
from reports.actions import request_about
from reports.models import Kind
from teams import tenancy
from teams.actions.integrations import add_integration, change_integration, end_integration, end_token, make_token
from teams.api import opening
from teams.attempts import Limit
from teams.models import ApiToken, AuditEntry, Employer, Integration
from teams.policies import why_not_scope
from teams.queries import through_api
from teams.refusals import NotAllowed
from teams.roles import Role
from teams.scopes import Scope
from teams.tokens import digest_of
from tests.cast import AT, TODAY, Cast
from tests.integration.checks import rounds

Call = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("no_attempts_yet")


def integration_of(employer: Employer, *scopes: Scope, name: str = "Case system") -> Integration:
    return add_integration(employer=employer, name=name, scopes=scopes or list(Scope), by=None, at=AT)


def token_of(row: Integration, at: datetime | None = None) -> str:
    now = at or timezone.now()
    return make_token(integration=row, expires_on=now.date() + timedelta(days=30), by=None, at=now)


def caller(token: str) -> Call:
    """Asks the API as another system does, with no session."""
    client = Client(headers={"authorization": f"Bearer {token}"})

    def call(name: str, *keys: object, method: str = "get", data: Any = None, **more: Any) -> Any:
        said = {} if method == "get" else {"content_type": "application/json"}
        query = "?" + "&".join(f"{field}={value}" for field, value in data.items()) if method == "get" and data else ""
        body = {} if method == "get" else {"data": data}
        return getattr(client, method)(reverse(name, args=keys) + query, **said, **body, **more)

    call.client = client  # type: ignore[attr-defined]
    return call


@pytest.fixture
def integration(cast: Cast) -> Integration:
    return integration_of(cast.employer)


@pytest.fixture
def call(integration: Integration) -> Call:
    return caller(token_of(integration))


def trail(event: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=event).order_by("pk"))


class TestToken:
    def test_is_kept_as_a_digest_only(self, integration: Integration) -> None:
        token = token_of(integration)
        kept = ApiToken.objects.values().get()
        assert token.startswith("thc_")
        assert len(token) == 47
        assert token not in str(kept)
        assert kept["begins"] == token[:10]

    @pytest.mark.usefixtures("integration")
    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer nothing", "Basic YTpi", "Bearer thc_" + "a" * 43])
    def test_without_one_that_works_nothing_opens(self, client: Client, header: str) -> None:
        answer = client.get(reverse("api-teams"), headers={"authorization": header} if header else {})
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["title"] == "Unauthorized"

    def test_last_use_is_kept_to_the_minute(self, call: Call) -> None:
        assert call("api-teams").status_code == 200
        first = ApiToken.objects.get()
        assert first.used_at is not None
        assert first.used_from == "127.0.0.1"
        assert call("api-teams").status_code == 200
        assert ApiToken.objects.get().used_at == first.used_at

    def test_two_work_while_it_changes_over_and_no_third(self, cast: Cast, integration: Integration) -> None:
        old, new = token_of(integration), token_of(integration)
        assert caller(old)("api-teams").status_code == caller(new)("api-teams").status_code == 200
        with pytest.raises(NotAllowed, match="2 tokens that work already"):
            token_of(integration)
        end_token(token=ApiToken.objects.get(begins=old[:10]), by=cast.ewa, at=timezone.now())
        assert caller(old)("api-teams").status_code == 401
        assert caller(new)("api-teams").status_code == 200
        assert token_of(integration)

    def test_that_expired_opens_nothing_and_is_on_record(self, integration: Integration) -> None:
        old = token_of(integration, at=timezone.now() - timedelta(days=40))
        answer = caller(old)("api-teams")
        assert answer.status_code == 401
        assert "does not work" in answer.json()["detail"]
        [entry] = trail("TOKEN_REFUSED")
        assert entry.employer == integration.employer
        assert entry.detail == {"begins": old[:10]}

    def test_of_an_ended_integration_opens_nothing(self, cast: Cast, integration: Integration, call: Call) -> None:
        end_integration(integration=integration, by=cast.ewa, at=timezone.now())
        assert call("api-teams").status_code == 401
        with pytest.raises(NotAllowed, match="has ended"):
            token_of(integration)

    @pytest.mark.parametrize("days", [0, 367])
    def test_works_from_a_day_to_a_year(self, integration: Integration, days: int) -> None:
        now = timezone.now()
        with pytest.raises(NotAllowed, match="Choose a day from tomorrow"):
            make_token(integration=integration, expires_on=now.date() + timedelta(days=days), by=None, at=now)

    @pytest.mark.usefixtures("db")
    def test_wrong_ones_from_one_address_must_wait(self) -> None:
        wrong = caller("thc_" + "a" * 43)
        answers = [wrong("api-teams").status_code for _ in range(31)]
        assert answers == [401] * 30 + [429]

    def test_sign_in_opens_nothing(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.ewa)
        assert client.get(reverse("api-teams")).status_code == 401

    def test_account_of_an_integration_signs_nobody_in(self, integration: Integration, client: Client) -> None:
        user = integration.user
        assert not user.has_usable_password()
        assert user.email == ""
        answer = client.post(reverse("sign-in"), {"login": user.username, "password": ""})
        assert answer.status_code == 200
        assert "_auth_user_id" not in client.session


class TestScopes:
    def test_one_is_needed_for_each_address(self, cast: Cast) -> None:
        call = caller(token_of(integration_of(cast.employer, Scope.TEAMS_READ)))
        assert call("api-teams").status_code == 200
        refused = call("api-cases")
        assert refused.status_code == 403
        assert "cases:read" in refused.json()["detail"]
        assert [entry.detail["page"] for entry in trail("REFUSED")] == ["api-cases"]

    def test_change_counts_from_the_next_call(self, cast: Cast) -> None:
        row = integration_of(cast.employer, Scope.TEAMS_READ)
        call = caller(token_of(row))
        change_integration(integration=row, name="Other", scopes=[Scope.CASES_READ], by=cast.ewa, at=AT)
        assert call("api-teams").status_code == 403
        assert call("api-cases").status_code == 200
        row.user.refresh_from_db()
        assert str(row.user) == "Other"

    @pytest.mark.usefixtures("integration")
    def test_names_tell_integrations_apart(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="of this name already"):
            integration_of(cast.employer, name="CASE SYSTEM")


class TestOtherEmployers:
    """An integration of one employer finds nothing of another's, by any address."""

    @pytest.fixture
    def stranger(self, cast: Cast) -> Call:
        return caller(token_of(integration_of(cast.elsewhere.employer)))

    @pytest.mark.parametrize(
        "name",
        ["api-team", "api-team-workload", "api-worker-workloads", "api-worker", "api-worker-workload", "api-case"],
    )
    def test_one_thing_is_not_there(self, cast: Cast, stranger: Call, call: Call, name: str) -> None:
        keys = {"team": cast.team, "case": Case.objects.get(reference="T-001"), "worker": cast.workers["Asha Test"]}
        key = keys[
            "worker"
            if name.startswith("api-worker") and name != "api-worker-workloads"
            else "case"
            if name == "api-case"
            else "team"
        ].public_id
        assert call(name, key).status_code == 200
        answer = stranger(name, key)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("name", ["api-cases", "api-allocations", "api-ratings", "api-workers", "api-teams"])
    def test_lists_hold_their_own_rows_alone(self, cast: Cast, stranger: Call, call: Call, name: str) -> None:
        ours, theirs = call(name).json()["results"], stranger(name).json()["results"]
        assert ours
        assert not [row for row in theirs if row in ours]
        if name == "api-teams":
            assert [row["name"] for row in theirs] == [cast.elsewhere.name]

    def test_forgotten_filter_shows_nothing_of_theirs(self, cast: Cast) -> None:
        token = token_of(integration_of(cast.elsewhere.employer))
        with tenancy.by(tenancy.By.TOKEN, digest_of(token)):
            assert {row.employer_id for row in Case.objects.all()} <= {cast.elsewhere.employer_id}
        with tenancy.by(tenancy.By.TOKEN, digest_of("thc_" + "b" * 43)):
            assert not Case.objects.exists()


class TestLists:
    def test_come_piece_by_piece(self, cast: Cast, call: Call) -> None:
        found, address = [], reverse("api-cases") + "?limit=2"
        client = call.client  # type: ignore[attr-defined]
        while address:
            piece = client.get(address).json()
            assert len(piece["results"]) <= 2
            found += [row["reference"] for row in piece["results"]]
            address = piece["next"]
        assert found == list(
            Case.objects.filter(employer=cast.employer).order_by("pk").values_list("reference", flat=True)
        )

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"limit": 0}, "limit"),
            ({"limit": 1001}, "limit"),
            ({"cursor": "nonsense"}, "cursor"),
            ({"open_on": "yesterday"}, "open_on"),
            ({"tame": "x"}, "tame"),
        ],
    )
    def test_slip_in_the_query_is_named(self, call: Call, asked: dict[str, Any], field: str) -> None:
        answer = call("api-cases", data=asked)
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [field]

    def test_cases_are_narrowed(self, cast: Cast, call: Call) -> None:
        asha = cast.workers["Asha Test"].public_id
        held = {row.case.reference for row in Allocation.objects.filter(worker__public_id=asha).open_on(TODAY)}
        found = call("api-cases", data={"worker": asha, "open_on": TODAY}).json()["results"]
        assert {row["reference"] for row in found} == held
        assert held
        later = timezone.now() + timedelta(days=1)
        assert call("api-cases", data={"changed_since": later.strftime("%Y-%m-%dT%H:%M:%SZ")}).json()["results"] == []
        assert call("api-cases", data={"team": uuid4()}).json()["results"] == []

    def test_what_has_not_changed_is_not_sent_again(self, call: Call) -> None:
        first = call("api-teams")
        again = call("api-teams", headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304
        assert again.content == b""


class TestWorkloads:
    def test_team_says_what_its_page_says(self, cast: Cast, call: Call) -> None:
        said = call("api-team-workload", cast.team.public_id).json()
        page = team_workload(cast.team, as_of=timezone.localdate())
        assert said["load"] == str(page.figures.load)
        assert {row["id"]: row["load"] for row in said["workers"]} == {
            str(row.public_id): None if row.load is None else str(row.load) for row in page.workers
        }

    def test_lines_add_up_to_the_load(self, cast: Cast, call: Call) -> None:
        said = call("api-worker-workload", cast.workers["Asha Test"].public_id).json()
        [post] = said["posts"]
        parts = [post["stable"], *(line["line"] for line in post["lines"])]
        assert sum(map(Decimal, parts)) == Decimal(post["load"])

    def test_days_are_those_that_were_stored(self, cast: Cast, call: Call) -> None:
        score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
        days = call("api-workloads", data={"first": TODAY, "last": TODAY}).json()["results"]
        assert {row["team"] for row in days} == {str(cast.team.public_id), str(cast.other_team.public_id)}
        of_team = call("api-worker-workloads", cast.team.public_id, data={"first": TODAY}).json()["results"]
        assert str(cast.workers["Asha Test"].public_id) in {row["worker"] for row in of_team}
        assert call("api-workloads", data={"last": TODAY - timedelta(days=1)}).json()["results"] == []

    def test_each_look_is_on_record(self, cast: Cast, integration: Integration, call: Call) -> None:
        call("api-worker-workload", cast.workers["Asha Test"].public_id)
        [entry] = trail("WORKLOAD_SEEN")
        assert entry.by == integration.user
        assert entry.detail["workers"] == [cast.workers["Asha Test"].pk]


def test_address_that_is_none_is_a_problem_too(call: Call, client: Client) -> None:
    answer = client.get("/api/v1/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_fault_of_ours_is_a_problem_too(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(through_api, "teams", breaks)
    call.client.raise_request_exception = False  # type: ignore[attr-defined]
    answer = call("api-teams")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Something went wrong here")


def test_too_many_calls_must_wait(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "CALLS", Limit(f"calls-{uuid4()}", most=2, seconds=60))
    assert [call("api-teams").status_code for _ in range(3)] == [200, 200, 429]
    answer = call("api-teams")
    assert 0 < int(answer["Retry-After"]) <= 60


class TestBulk:
    """Cases told in bulk: by reference, row by row, once."""

    def rows(self, call: Call, *rows: dict[str, Any], **more: Any) -> Any:
        return call("api-cases-bulk", method="post", data={"cases": list(rows)}, **more)

    def test_new_case_is_recorded_held_and_rated(self, cast: Cast, integration: Integration, call: Call) -> None:
        asha = cast.workers["Asha Test"]
        row = {
            "reference": "N-1",
            "category": "child_in_need",
            "team": str(cast.team.public_id),
            "opened_on": "2026-01-05",
            "holders": [{"worker": str(asha.public_id)}],
        }
        answer = self.rows(call, row)
        assert answer.status_code == 200, answer.content
        assert answer.json() == {
            "counts": {"created": 1, "changed": 0, "closed": 0, "unchanged": 0, "refused": 0},
            "results": [{"reference": "N-1", "result": "created", "problems": []}],
        }
        case = Case.objects.get(reference="N-1")
        assert (case.team, case.category, str(case.opened_on)) == (cast.team, "child_in_need", "2026-01-05")
        held = case.allocations.get()
        assert (held.worker, held.team, held.role, held.share) == (asha, cast.team, "LEAD", 100)
        assert case.ratings.get().category == "child_in_need"
        [entry] = trail("CASES_TOLD")
        assert entry.by == integration.user
        assert "“Case system” through the API" in case.changes.get().text

    def test_said_again_changes_nothing(self, cast: Cast, call: Call) -> None:
        row = {"reference": "N-1", "category": "child_in_need", "team": str(cast.team.public_id)}
        self.rows(call, row)
        assert self.rows(call, row).json()["counts"]["unchanged"] == 1
        assert len(trail("CASES_TOLD")) == 1

    def test_what_is_not_said_stays(self, call: Call) -> None:
        before = Case.objects.values().get(reference="T-001")
        held = list(Allocation.objects.filter(case__reference="T-001").values())
        assert self.rows(call, {"reference": "T-001", "family_reference": "F-9"}).json()["counts"]["changed"] == 1
        after = Case.objects.values().get(reference="T-001")
        assert after == before | {"family_reference": "F-9", "revision": before["revision"] + 1}
        assert list(Allocation.objects.filter(case__reference="T-001").values()) == held

    def test_nobody_holds_it_any_more(self, call: Call) -> None:
        assert self.rows(call, {"reference": "T-001", "holders": []}).json()["counts"]["changed"] == 1
        assert not Allocation.objects.filter(case__reference="T-001", ended_on=None).exists()

    def test_closes(self, call: Call) -> None:
        today = str(timezone.localdate())
        assert self.rows(call, {"reference": "T-001", "closed_on": today}).json()["counts"]["closed"] == 1
        assert str(Case.objects.get(reference="T-001").closed_on) == today

    def test_shares_what_is_left(self, cast: Cast, call: Call) -> None:
        asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
        holders = [{"worker": str(asha.public_id)}, {"worker": str(nia.public_id), "share": 40}]
        self.rows(call, {"reference": "T-001", "holders": holders})
        held = Allocation.objects.filter(case__reference="T-001", ended_on=None).order_by("-share")
        assert [(row.worker, row.share, row.role) for row in held] == [(asha, 60, "LEAD"), (nia, 40, "CO_WORKER")]

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"reference": "  "}, "reference"),
            ({"reference": "Jane Doe"}, "reference"),
            ({"reference": "N-1", "family_reference": "Jane Doe"}, "family_reference"),
            ({"reference": "N-1"}, "team"),
            ({"reference": "N-1", "team": str(uuid4())}, "team"),
            ({"reference": "T-001", "category": "nothing_of_ours"}, "category"),
            ({"reference": "T-001", "factors": {"language": 1}}, "factors"),
            ({"reference": "T-001", "category": "child_in_need", "factors": {"nothing_of_ours": 1}}, "factors"),
            ({"reference": "T-001", "opened_on": "2099-01-01"}, "opened_on"),
            ({"reference": "T-001", "closed_on": "2099-01-01"}, "closed_on"),
            ({"reference": "T-001", "closed_on": "2001-01-01"}, "closed_on"),
            ({"reference": "T-001", "holders": [{"staff_reference": "nobody"}]}, "holders"),
            ({"reference": "T-001", "revision": 99}, "revision"),
            ({"reference": "N-1", "revision": 1}, "revision"),
        ],
    )
    def test_row_that_cannot_be_used_holds_no_other_up(
        self, cast: Cast, call: Call, said: dict[str, Any], field: str
    ) -> None:
        good = {"reference": "N-2", "team": str(cast.team.public_id)}
        answer = self.rows(call, said, good)
        if said["reference"].strip():
            assert answer.status_code == 200, answer.content
            assert answer.json()["counts"] | {"created": 1, "refused": 1} == answer.json()["counts"]
            [problem] = answer.json()["results"][0]["problems"]
            assert problem["field"] == field
            assert problem["message"].endswith(".")
        else:
            assert answer.status_code == 400

    def test_same_case_twice_is_told(self, cast: Cast, call: Call) -> None:
        row = {"reference": "N-1", "team": str(cast.team.public_id)}
        assert [one["result"] for one in self.rows(call, row, row).json()["results"]] == ["created", "refused"]

    def test_same_worker_twice_and_too_much_are_told(self, cast: Cast, call: Call) -> None:
        asha, nia = (str(cast.workers[f"{name} Test"].public_id) for name in ("Asha", "Nia"))
        twice = {"reference": "T-001", "holders": [{"worker": asha}, {"worker": asha}]}
        assert "twice" in self.rows(call, twice).json()["results"][0]["problems"][0]["message"]
        much = {"reference": "T-001", "holders": [{"worker": asha, "share": 100}, {"worker": nia, "share": 100}]}
        assert "add up to 200 %" in self.rows(call, much).json()["results"][0]["problems"][0]["message"]

    def test_shape_of_a_call_is_checked(self, call: Call) -> None:
        many = {"cases": [{"reference": f"N-{number}"} for number in range(1001)]}
        assert call("api-cases-bulk", method="post", data=many).status_code == 400
        assert call("api-cases-bulk", method="post", data={"cases": []}).status_code == 400
        assert call("api-cases-bulk", method="post", data=["no"]).status_code == 400
        answer = self.rows(call, {"reference": "N-1", "holders": [{"share": 0, "staff_reference": "x"}]})
        assert answer.json()["errors"][0]["field"] == "cases.0.holders.0.share"

    def test_repeated_call_is_answered_as_it_was(self, cast: Cast, call: Call) -> None:
        row = {"reference": "N-1", "team": str(cast.team.public_id)}
        once = {"headers": {"idempotency-key": "night 1"}}
        first = self.rows(call, row, **once)
        assert self.rows(call, row, **once).json() == first.json()
        assert first.json()["counts"]["created"] == 1
        other = self.rows(call, row | {"reference": "N-2"}, **once)
        assert other.status_code == 409
        assert "another call" in other.json()["detail"]
        assert not Case.objects.filter(reference="N-2").exists()
        assert self.rows(call, row, headers={"idempotency-key": "x" * 101}).status_code == 400

    def test_other_employers_rows_are_not_there(self, cast: Cast) -> None:
        stranger = caller(token_of(integration_of(cast.elsewhere.employer)))
        row = {"reference": "N-1", "team": str(cast.team.public_id)}
        assert self.rows(stranger, row).json()["counts"]["refused"] == 1
        asha = str(cast.workers["Asha Test"].public_id)
        row = {"reference": "N-1", "team": str(cast.elsewhere.public_id), "holders": [{"worker": asha}]}
        assert self.rows(stranger, row).json()["counts"]["refused"] == 1


class TestRating:
    def rate(self, call: Call, **said: Any) -> Any:
        case = Case.objects.get(reference="T-001")
        return call("api-case-rate", case.public_id, method="post", data={"category": "child_in_need"} | said)

    def test_newest_rating_counts(self, call: Call) -> None:
        answer = self.rate(call, override="7.5", override_reason="Agreed in the panel")
        assert answer.status_code == 201, answer.content
        assert answer.json()["override"] == "7.50"
        assert answer.json()["by_a_person"] is True

    def test_words_that_identify_are_kept_only_when_said_so(self, call: Call) -> None:
        refused = self.rate(call, reason="Born 3/4/2016, seen at school")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["field"] == "reason"
        kept = self.rate(call, reason="Born 3/4/2016, seen at school", keep_as_written=True)
        assert kept.status_code == 201
        [entry] = trail("CASE_CHANGED")
        assert entry.detail["kept as written"] == [{"field": "reason", "looks like": ["a date of birth"]}]

    def test_override_needs_a_reason(self, call: Call) -> None:
        answer = self.rate(call, override="7.5")
        assert answer.status_code == 409
        assert answer.json()["detail"]


class TestReports:
    def test_is_asked_for_once_and_followed(self, cast: Cast, call: Call) -> None:
        asked = {"kind": "TEAM", "team": str(cast.team.public_id)}
        first = call("api-reports", method="post", data=asked)
        assert first.status_code == 202, first.content
        assert call("api-reports", method="post", data=asked).json()["id"] == first.json()["id"]
        assert call("api-report", first.json()["id"]).json()["status"] == "PENDING"
        assert call("api-report-file", first.json()["id"]).status_code == 404
        assert [row["id"] for row in call("api-reports").json()["results"]] == [first.json()["id"]]

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"kind": "TEAM"}, "team"),
            ({"kind": "EMPLOYER", "team": str(uuid4())}, "team"),
            ({"kind": "SHEET"}, "kind"),
            ({}, "kind"),
        ],
    )
    def test_what_it_is_about_must_fit(self, call: Call, asked: dict[str, str], field: str) -> None:
        answer = call("api-reports", method="post", data=asked)
        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == [field]

    def test_of_another_employer_is_not_there(self, cast: Cast, call: Call) -> None:
        asked = {"kind": "TEAM", "team": str(cast.elsewhere.public_id)}
        assert call("api-reports", method="post", data=asked).status_code == 404


class TestSeldom:
    """What a call may also say, and mostly does not."""

    def tell(self, call: Call, **row: Any) -> Any:
        return call("api-cases-bulk", method="post", data={"cases": [row]}).json()

    def test_reference_that_a_spreadsheet_has_spoilt_is_refused(self, call: Call) -> None:
        [row] = self.tell(call, reference="1.2E+11")["results"]
        assert row["result"] == "refused"
        assert "shortened" in row["problems"][0]["message"]

    def test_holder_joins_the_team_that_is_named(self, cast: Cast, call: Call) -> None:
        asha, other = cast.workers["Asha Test"], cast.other_team
        said = self.tell(
            call, reference="T-001", holders=[{"worker": str(asha.public_id), "team": str(other.public_id)}]
        )
        assert said["counts"]["changed"] == 1
        assert asha.contracts.filter(team=other, ends_on=None).exists()

    def test_holder_who_is_in_no_team_needs_one(self, cast: Cast, call: Call) -> None:
        asha = cast.workers["Asha Test"]
        asha.contracts.update(ends_on=TODAY)
        [row] = self.tell(call, reference="T-003", holders=[{"worker": str(asha.public_id)}])["results"]
        assert "is in no team today" in row["problems"][0]["message"]

    def test_integration_ends_once(self, cast: Cast, integration: Integration) -> None:
        end_integration(integration=integration, by=cast.ewa, at=AT)
        with pytest.raises(NotAllowed, match="has ended already"):
            end_integration(integration=integration, by=cast.ewa, at=AT)

    def test_report_of_each_kind_is_asked_for(self, cast: Cast, call: Call) -> None:
        check = rounds.published(cast)
        for said in (
            {"kind": "CHECK", "health_check": str(check.public_id)},
            {"kind": "CYCLE", "cycle": str(check.cycle.public_id)},
            {"kind": "EMPLOYER"},
        ):
            answer = call("api-reports", method="post", data=said)
            assert (answer.status_code, answer.json()["kind"]) == (202, said["kind"])

    def test_report_of_nothing_is_refused(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="no such kind"):
            request_about(Kind.SHEET, cast.team, as_of=TODAY, by=cast.ben, at=AT)


def test_role_of_integrations_is_for_nobody() -> None:
    assert "set up under Integrations" in str(why_not_scope(Role.INTEGRATION, team=False, area=False))
