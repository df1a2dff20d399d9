"""Roles from a day until another, and colleagues who stand in while somebody is away."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams import access
from teams.actions.roles import NewRole, end_role, end_stand_in, give_role, name_stand_in
from teams.models import AuditEntry, RoleAssignment, Team, User
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Permission, Role
from tests.cast import AT, Cast

DAY = timedelta(days=1)


def today() -> date:
    return timezone.localdate()


def kit(cast: Cast, **changes: object) -> User:
    """A colleague with a role in the other team."""
    user = User.objects.create_user(username="kit", first_name="Kit", last_name="Test")
    give_role(employer=cast.employer, user=user, new=NewRole(Role.MANAGER, cast.other_team), by=cast.ewa, at=AT)
    User.objects.filter(pk=user.pk).update(**changes)
    user.refresh_from_db()
    return user


def lend(cast: Cast, deputy: object, **changes: object) -> list[RoleAssignment]:
    asked = {"away": cast.ben, "deputy": deputy, "starts_on": today(), "ends_on": today() + 7 * DAY, "by": cast.ben}
    return name_stand_in(**(asked | changes), at=timezone.now())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(None, None, True), (0, None, True), (1, None, False), (None, 0, False), (None, 1, True), (-5, -1, False)],
)
def test_a_role_counts_from_its_first_day_until_its_last(
    cast: Cast,
    starts: int | None,
    ends: int | None,
    counts: bool,  # noqa: FBT001
) -> None:
    days = {
        "starts_on": None if starts is None else today() + starts * DAY,
        "ends_on": None if ends is None else today() + ends * DAY,
    }
    RoleAssignment.every.filter(user=cast.ben).update(**days)
    assert access.holds(cast.ben, Permission.CASE_RECORD, team=cast.team) is counts
    assert access.holds_somewhere(cast.ben, Permission.CASE_RECORD, employer=cast.employer) is counts
    assert (cast.ben in access.holders(Permission.CASE_RECORD, team=cast.team)) is counts
    assert Team.objects.where_allowed(cast.ben, Permission.CASE_RECORD).exists() is counts


def test_everything_is_closed_to_whoever_has_no_role_any_more(cast: Cast, client: Client) -> None:
    RoleAssignment.every.filter(user=cast.dev).update(ends_on=today())
    client.force_login(cast.dev)
    assert client.get(f"/teams/{cast.team.public_id}/").status_code == 404
    assert client.get(reverse("overview", args=[cast.employer.slug])).status_code == 404


def test_a_role_is_given_for_a_while_and_once_at_a_time(cast: Cast) -> None:
    spring = NewRole(Role.OBSERVER, cast.area, starts_on=date(2026, 3, 1), ends_on=date(2026, 6, 1))
    give_role(employer=cast.employer, user=cast.asha, new=spring, by=cast.ewa, at=AT)
    give_role(
        employer=cast.employer,
        user=cast.asha,
        new=NewRole(Role.OBSERVER, cast.area, spring.ends_on),
        by=cast.ewa,
        at=AT,
    )
    with pytest.raises(NotAllowed, match="already has this role on some of these days"):
        give_role(employer=cast.employer, user=cast.asha, new=NewRole(Role.OBSERVER, cast.area), by=cast.ewa, at=AT)
    with pytest.raises(PermissionDenied):
        give_role(employer=cast.employer, user=cast.ben, new=NewRole(Role.DIRECTOR), by=cast.ben, at=AT)
    entry = AuditEntry.objects.filter(event="ROLE_GIVEN").first()
    assert entry.detail["after"]["role"] == "OBSERVER"
    assert entry.detail["after"]["until"] == "1\u00a0June\u00a02026"


def test_a_role_names_what_it_may_be_held_in(cast: Cast) -> None:
    for role, scope in [(Role.SERVICE_MANAGER, None), (Role.ADMINISTRATOR, cast.area), (Role.MANAGER, cast.area)]:
        with pytest.raises(IntegrityError, match="role_assignment_"), transaction.atomic():
            give_role(employer=cast.employer, user=cast.dev, new=NewRole(role, scope), by=cast.ewa, at=AT)


def test_a_principal_social_worker_of_one_area_sees_its_teams_and_nothing_of_the_whole(cast: Cast) -> None:
    RoleAssignment.every.filter(user=cast.cora).update(service_area=cast.area)
    assert set(Team.objects.where_allowed(cast.cora, Permission.WORKLOAD_VIEW)) == {cast.team, cast.other_team}
    assert not access.holds_employer_wide(cast.cora, Permission.OVERVIEW_VIEW, employer=cast.employer)


def test_a_stand_in_can_do_what_the_other_could_until_they_are_back(cast: Cast) -> None:
    deputy = kit(cast)
    assert not access.holds(deputy, Permission.CASE_RECORD, team=cast.team)
    rows = lend(cast, deputy)
    assert [row.role for row in rows] == ["MANAGER"]
    assert access.holds(deputy, Permission.CASE_RECORD, team=cast.team)
    assert access.holds(cast.ben, Permission.CASE_RECORD, team=cast.team)
    end_stand_in(away=cast.ben, deputy=deputy, on=today(), by=cast.ben, at=AT)
    assert not access.holds(deputy, Permission.CASE_RECORD, team=cast.team)
    assert access.holds(deputy, Permission.CASE_RECORD, team=cast.other_team)
    events = AuditEntry.objects.filter(event__startswith="STAND_IN").values_list("event", "detail")
    assert [event for event, _ in events] == ["STAND_IN_NAMED", "STAND_IN_ENDED"]
    assert events[0][1]["after"]["stands in for"] == "Ben Test"


def test_a_stand_in_signs_in_again_before_and_after(cast: Cast, client: Client) -> None:
    deputy = kit(cast)
    client.force_login(deputy)
    lend(cast, deputy)
    assert client.get("/").headers["Location"].startswith("/sign-in/")
    client.force_login(deputy)
    end_stand_in(away=cast.ben, deputy=deputy, on=today(), by=cast.ben, at=AT)
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_what_is_lent_is_not_lent_on(cast: Cast) -> None:
    deputy = kit(cast)
    lend(cast, deputy)
    rows = lend(cast, cast.asha, away=deputy, by=deputy)
    assert [row.team for row in rows] == [cast.other_team]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"away": "asha", "by": "asha"}, "no role here"),
        ({"deputy": "ben"}, "Choose a colleague"),
        ({"deputy": "gil"}, "Choose a colleague"),
        ({"ends_on": date(2020, 1, 1)}, "The end must be later"),
    ],
)
def test_who_cannot_stand_in(cast: Cast, changes: dict[str, object], sentence: str) -> None:
    named = {key: cast.users.get(str(value), value) for key, value in changes.items()}
    with pytest.raises(NotAllowed, match=sentence):
        lend(cast, **({"deputy": kit(cast)} | named))


def test_somebody_who_may_not_sign_in_does_not_stand_in(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Choose a colleague"):
        lend(cast, kit(cast, is_active=False))


def test_said_twice(cast: Cast) -> None:
    deputy, once = kit(cast), uuid4()
    lend(cast, deputy, once=once)
    with pytest.raises(AlreadyDone):
        lend(cast, deputy, once=once)
    with pytest.raises(NotAllowed, match="Kit Test already stands in for Ben Test"):
        lend(cast, deputy)


def test_only_the_one_who_is_away_and_the_administrator_say_so(cast: Cast) -> None:
    deputy = kit(cast)
    for by in (deputy, cast.hana, cast.gil):
        with pytest.raises(PermissionDenied):
            lend(cast, deputy, by=by)
    lend(cast, deputy, by=cast.ewa)
    with pytest.raises(PermissionDenied):
        end_stand_in(away=cast.ben, deputy=deputy, on=today(), by=cast.hana, at=AT)


def test_a_role_that_ends_takes_its_stand_in_along(cast: Cast) -> None:
    deputy = kit(cast)
    lend(cast, deputy)
    end_role(row=cast.ben.role_assignments.get(), on=today(), by=cast.ewa, at=AT)
    assert not access.holds(cast.ben, Permission.CASE_RECORD, team=cast.team)
    assert not access.holds(deputy, Permission.CASE_RECORD, team=cast.team)
    with pytest.raises(PermissionDenied):
        end_role(row=RoleAssignment.objects.get(user=cast.hana), on=today(), by=cast.hana, at=AT)


def test_nobody_stands_in_longer_than_the_role_lasts(cast: Cast) -> None:
    RoleAssignment.every.filter(user=cast.ben).update(ends_on=today() + 2 * DAY)
    [row] = lend(cast, kit(cast))
    assert row.ends_on == today() + 2 * DAY


def test_the_pages(cast: Cast, client: Client) -> None:
    deputy = kit(cast)
    client.force_login(cast.ben)
    assert "Nobody, now or in days to come" in client.get("/standing-in/").content.decode()
    form = client.get("/standing-in/new/").context["form"]
    offered = [label for _, label in form.fields["deputy"].choices]
    assert offered == ["Choose", "Asha Test", "Cora Test", "Dev Test", "Hana Test", "Kit Test"]
    answers = {"once": uuid4(), "deputy": deputy.public_id, "starts_on": today(), "ends_on": today() + DAY}
    refused = client.post("/standing-in/new/", answers | {"ends_on": today()})
    assert "The end must be later than the start" in refused.content.decode()
    assert client.post("/standing-in/new/", answers).status_code == 302
    assert "Kit Test" in client.get("/standing-in/").content.decode()
    client.force_login(deputy)
    assert "You stand in for Ben Test" in client.get("/").content.decode()
    assert "Ben Test" in client.get("/standing-in/").content.decode()
    client.force_login(cast.ben)
    assert client.post(f"/standing-in/{deputy.public_id}/end/", {"once": uuid4()}).status_code == 302
    client.force_login(deputy)
    assert "You stand in" not in client.get("/").content.decode()


def test_the_administrator_names_somebody_for_a_colleague_who_fell_ill(cast: Cast, client: Client) -> None:
    deputy, of_ben = kit(cast), f"/accounts/{cast.ben.public_id}/standing-in/"
    client.force_login(cast.ewa)
    answers = {"once": uuid4(), "deputy": deputy.public_id, "starts_on": today(), "ends_on": today() + DAY}
    assert client.post(f"{of_ben}new/", answers).headers["Location"] == of_ben
    assert "Who stands in for Ben Test" in client.get(of_ben).content.decode()
    assert client.post(f"{of_ben}{deputy.public_id}/end/", {"once": uuid4()}).headers["Location"] == of_ben
    assert client.get(f"{of_ben}{deputy.public_id}/end/").status_code == 404
