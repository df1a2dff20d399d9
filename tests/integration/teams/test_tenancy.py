"""Whose rows the database shows during a request, a task and a command, and afterwards."""

import ast
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from uuid import UUID

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from caseloads import snapshots, tasks
from caseloads.management.commands import import_caseload
from healthcheck import urls as project
from teams import tenancy
from teams.models import Employer, RoleAssignment, Team
from teams.refusals import NotAllowed
from teams.tenancy import APPLICATION, By
from tests.cast import Cast, assemble
from tests.clients import SignedInClient

ROOT = Path(__file__).resolve().parents[3]
NOBODY = "{}"


def told() -> tuple[str, str]:
    """The role, and the employers that the session names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, coalesce(current_setting('healthcheck.employers', true), '{}')")
        role, employers = cursor.fetchone()
        return role, employers or NOBODY


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def outside(db: None) -> tuple[str, str]:
    """What a session that nobody has told anything is like: the owner's, in tests."""
    return told()[0], NOBODY


# Pages that somebody forgot to scope


def show_any_team(_request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        return HttpResponse(Team.objects.get(public_id=public_id).name)
    except Team.DoesNotExist:
        return HttpResponse("There is no such team.", status=404)


def count_everything(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{Team.objects.count()} {Employer.objects.count()}")


def fall_over(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError(told()[1])


def break_the_database(_request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        Employer.objects.update(nation="nowhere at all")
    return HttpResponse()


def roll_back(_request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        with tenancy.of():
            Team.objects.count()
        transaction.set_rollback(True)
    return HttpResponse(told()[1])


def let_anybody_count(request: HttpRequest) -> HttpResponse:
    return count_everything(request)


let_anybody_count.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    path("any-team/<uuid:public_id>/", show_any_team),
    path("count/", count_everything),
    path("open-count/", let_anybody_count),
    path("fall-over/", fall_over),
    path("break/", break_the_database),
    path("roll-back/", roll_back),
    path("", include(project)),
]


@pytest.fixture
def ben(cast: Cast) -> Client:
    client = SignedInClient(raise_request_exception=False)
    client.force_login(cast.ben)
    return client


@pytest.mark.urls(__name__)
class TestRequest:
    def test_view_that_forgets_whose_rows_it_shows_finds_only_the_readers(self, cast: Cast, ben: Client) -> None:
        assert ben.get(f"/any-team/{cast.team.public_id}/").content == b"Heron Team"
        assert ben.get(f"/any-team/{cast.elsewhere.public_id}/").status_code == 404
        assert ben.get("/count/").content == b"2 1"

    def test_reader_of_two_employers_sees_both(self, cast: Cast, ben: Client) -> None:
        cast.ben.role_assignments.create(role="OBSERVER", employer=cast.elsewhere.employer)
        assert ben.get("/count/").content == b"3 2"

    def test_reader_whose_role_has_ended_sees_nothing(self, cast: Cast, client: Client) -> None:
        RoleAssignment.every.filter(user=cast.cora).update(ends_on=timezone.localdate())
        client.force_login(cast.cora)
        assert client.get("/count/").content == b"0 0"

    def test_worker_without_a_role_sees_their_employer(self, cast: Cast, client: Client) -> None:
        cast.asha.role_assignments.all().delete()
        client.force_login(cast.asha)
        assert client.get("/count/").content == b"2 1"

    @pytest.mark.usefixtures("cast")
    def test_nobody_sees_nothing(self, client: Client) -> None:
        assert client.get("/open-count/").content == b"0 0"

    @pytest.mark.parametrize(
        "address", ["/count/", "/fall-over/", "/break/", "/roll-back/", "/open-count/", "/nowhere/"]
    )
    def test_nothing_of_it_stays_behind(self, ben: Client, outside: tuple[str, str], address: str) -> None:
        with transaction.atomic():
            ben.get(address)
        assert told() == outside

    def test_next_reader_on_the_line_sees_their_own(self, cast: Cast, ben: Client, client: Client) -> None:
        client.force_login(cast.gil)
        for address in ("/count/", "/fall-over/", "/break/"):
            ben.get(address)
            assert client.get("/count/").content == b"1 1"

    def test_what_was_undone_in_it_undoes_nothing_of_it(self, cast: Cast, ben: Client) -> None:
        assert ben.get("/roll-back/").content.decode() == f"{{{cast.employer.pk}}}"

    def test_failing_view_was_behind_the_wall(self, cast: Cast) -> None:
        client = SignedInClient()
        client.force_login(cast.ben)
        with pytest.raises(ZeroDivisionError, match=rf"^\{{{cast.employer.pk}\}}$"):
            client.get("/fall-over/")


class TestBlock:
    def test_names_employers_and_is_over_with_it(self, cast: Cast, outside: tuple[str, str]) -> None:
        with tenancy.of(cast.employer.pk, cast.elsewhere.employer_id):
            assert told() == (APPLICATION, f"{{{cast.employer.pk},{cast.elsewhere.employer_id}}}")
            assert Team.objects.count() == 3
        assert told() == outside

    def test_inside_another_takes_its_place_and_gives_it_back(self, cast: Cast) -> None:
        with tenancy.of(cast.employer.pk):
            with tenancy.of(cast.elsewhere.employer_id):
                assert list(Team.objects.all()) == [cast.elsewhere]
            assert cast.elsewhere not in Team.objects.all()
            with tenancy.also(By.TEAM, cast.elsewhere.pk):
                assert Team.objects.count() == 3
            assert Team.objects.count() == 2

    @pytest.mark.usefixtures("cast")
    def test_of_an_unknown_key_is_of_nobody(self) -> None:
        with tenancy.by(By.SLUG, "no such employer"):
            assert Employer.objects.count() == 0

    @pytest.mark.usefixtures("cast")
    def test_of_every_employer_shows_everything(self) -> None:
        with tenancy.of_every_employer():
            assert told()[0] == APPLICATION
            assert Team.objects.count() == 3

    def test_ends_though_the_transaction_around_it_failed(self, cast: Cast, outside: tuple[str, str]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), tenancy.of(cast.employer.pk):
            Employer.objects.filter(pk=cast.employer.pk).update(nation="XXX")
        assert told() == outside

    def test_refuses_to_write_for_others(self, cast: Cast) -> None:
        with (
            tenancy.of(cast.employer.pk),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            Team.objects.filter(pk=cast.team.pk).update(employer=cast.elsewhere.employer)
        with (
            tenancy.of(cast.employer.pk),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            Employer.objects.create(name="Anewshire", slug="anewshire")


@pytest.mark.django_db(transaction=True)
class TestLine:
    """Connections that come and go."""

    @pytest.fixture
    def cast(self) -> Cast:
        return assemble()

    @pytest.fixture(autouse=True)
    def _end(self) -> Iterator[None]:
        yield
        connection.close()

    def test_new_one_inside_a_block_is_told(self, cast: Cast) -> None:
        with tenancy.of(cast.employer.pk):
            connection.close()
            assert Team.objects.count() == 2
            connection.close()
        assert told()[1] == NOBODY

    @pytest.mark.usefixtures("cast")
    def test_block_of_nobody_opens_none_before_it_needs_one(self) -> None:
        connection.close()
        with tenancy.of():
            assert connection.connection is None
            assert Team.objects.count() == 0
            connection.close()

    def test_one_that_breaks_is_let_go_of(self, cast: Cast) -> None:
        with tenancy.of(cast.employer.pk):
            assert Team.objects.count() == 2
            _end_from_elsewhere()
        assert connection.connection is None
        with tenancy.of(cast.employer.pk):
            assert Team.objects.count() == 2
            _end_from_elsewhere()
            with pytest.raises(OperationalError):
                Team.objects.count()
        connection.close()
        assert told()[1] == NOBODY

    def test_other_threads_are_told_nothing_of_it(self, cast: Cast) -> None:
        found: list[str] = []

        def look() -> None:
            found.append(told()[1])
            connection.close()

        with tenancy.of(cast.employer.pk):
            thread = Thread(target=look)
            thread.start()
            thread.join()
        assert found == [NOBODY]


def _end_from_elsewhere() -> None:
    """End the server's side of our line, as its restart would, without our noticing."""
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.get_backend_pid()])
    other.close()


class TestMachine:
    def test_task_is_behind_the_wall_of_the_employer_it_is_about(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[list[Employer]] = []
        monkeypatch.setattr(snapshots, "score_team", lambda **_: seen.append(list(Employer.objects.all())))
        monkeypatch.setattr(snapshots, "score_employer", lambda **_: seen.append(list(Employer.objects.all())))
        tasks.score_team(team_id=cast.elsewhere.pk)
        tasks.score_employer(employer_id=cast.employer.pk)
        assert seen == [[cast.elsewhere.employer], [cast.employer]]

    @pytest.mark.usefixtures("cast")
    def test_task_about_what_is_gone_sees_nothing(self) -> None:
        with pytest.raises(Team.DoesNotExist):
            tasks.score_team(team_id=0)

    @pytest.mark.usefixtures("cast")
    def test_command_is_behind_the_wall_of_the_employer_it_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[list[str]] = []

        def look(**_: object) -> None:
            seen.append(list(Employer.objects.values_list("slug", flat=True)))
            raise NotAllowed("Seen enough.")

        monkeypatch.setattr(import_caseload, "_import", look)
        with pytest.raises(CommandError, match="Seen enough"):
            call_command("import_caseload", employer="elsewhere")
        with pytest.raises(CommandError, match="There is no employer"):
            call_command("import_caseload", employer="nowhere")
        assert seen == [["elsewhere"]]

    @pytest.mark.parametrize(
        ("name", "beside"),
        [
            ("tenancy.of_every_employer", set()),
            ("By.EVERYTHING", {"teams/tenancy.py", "healthcheck/wall_rules.py"}),
            ("tenancy.By.EVERYTHING", set()),
        ],
    )
    def test_only_tasks_and_commands_look_at_every_employer(self, name: str, beside: set[str]) -> None:
        apps = ("teams", "caseloads", "standards", "checks", "reports", "operations", "healthcheck", "design")
        found = {
            str(file.relative_to(ROOT))
            for app in apps
            for file in (ROOT / app).rglob("*.py")
            if name
            in {ast.unparse(node) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)}
        }
        allowed = {file for file in found if file.endswith("/tasks.py") or "/management/commands/" in file}
        assert found - allowed == beside
