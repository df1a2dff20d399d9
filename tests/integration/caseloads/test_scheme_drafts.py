"""The next version of a weighting scheme, from a draft to its day."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from caseloads.actions.schemes import begin_draft, change_draft, drop_draft, publish_draft, publish_scheme
from caseloads.draft_text import Document, empty
from caseloads.models import SchemeDraft, ScoringNeed, WeightingScheme
from caseloads.queries.scheme_preview import Preview, preview
from caseloads.queries.schemes import document_of, find_draft, find_scheme, reading_of, scheme_list
from caseloads.queries.workloads import team_workload
from healthcheck.demo import schemes
from teams.models import AuditEntry, ServiceArea
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import AT, TODAY, Cast, case, holds, record

DAY = timedelta(days=1)


@dataclass
class Drafting:
    """Cora's draft of the area's next version."""

    cast: Cast
    draft: SchemeDraft

    def change(self, path: str, value: str, **how: Any) -> None:
        document = SchemeDraft.objects.get(pk=self.draft.pk).document
        *parts, last = path.split(".")
        place: Any = document
        for part in parts:
            place = place[int(part)] if part.isdecimal() else place[part]
        place[last] = value
        self.save(document, **how)

    def save(self, document: Document, **how: Any) -> None:
        change_draft(
            **{"draft": self.draft, "document": document, "seen": None, "once": None, "by": self.cast.cora, "at": AT}
            | how
        )
        self.draft.refresh_from_db()

    def publish(self, on: date = TODAY, **how: Any) -> WeightingScheme:
        given = {"draft": self.draft, "effective_on": on, "seen": None, "once": None, "by": self.cast.cora, "at": AT}
        return publish_draft(**given | how)

    def preview(self, by: str = "cora") -> Preview:
        found = preview(self.draft, self.cast.users[by], as_of=TODAY)
        assert found
        return found


@pytest.fixture
def drafting(cast: Cast) -> Drafting:
    return Drafting(cast, begin(cast))


def begin(cast: Cast, **how: Any) -> SchemeDraft:
    given = {"service_area": cast.area, "base": cast.scheme, "once": None, "by": cast.cora, "at": AT}
    return begin_draft(**given | how)


class TestBeginning:
    def test_copy_says_what_the_version_says(self, drafting: Drafting) -> None:
        assert reading_of(drafting.draft).faults == []
        assert drafting.draft.document == document_of(drafting.cast.scheme)
        drafting.change("fields.maximum", "50")
        second = drafting.publish()
        assert second.version == 2
        assert document_of(second) == drafting.draft.document
        assert AuditEntry.objects.filter(event="SCHEME_DRAFTED", by=drafting.cast.cora).count() == 2

    def test_area_has_one_draft_at_a_time(self, drafting: Drafting) -> None:
        with pytest.raises(NotAllowed, match="already, last changed by Cora Test"):
            begin(drafting.cast)
        SchemeDraft.objects.update(changed_by=None)
        with pytest.raises(NotAllowed, match="changed by the system"):
            begin(drafting.cast)

    def test_draft_of_nothing_has_everything_to_fill_in(self, cast: Cast) -> None:
        draft = begin(cast, base=None)
        assert draft.document == empty()
        assert preview(draft, cast.cora, as_of=TODAY) is None

    def test_form_sent_twice_begins_one(self, cast: Cast) -> None:
        once = uuid.uuid4()
        begin(cast, once=once)
        with pytest.raises(AlreadyDone):
            begin(cast, once=once)

    @pytest.mark.parametrize("who", ["ben", "dev", "ewa", "femi", "gil", "hana"])
    def test_only_who_publishes_may(self, cast: Cast, who: str) -> None:
        with pytest.raises(PermissionDenied):
            begin(cast, by=cast.users[who])
        draft = begin(cast)
        drafting = Drafting(cast, draft)
        for attempt in (
            lambda: drafting.save(empty(), by=cast.users[who]),
            lambda: drafting.publish(by=cast.users[who]),
            lambda: drop_draft(draft=draft, seen=None, once=None, by=cast.users[who], at=AT),
        ):
            with pytest.raises(PermissionDenied):
                attempt()


class TestChanging:
    def test_faulty_draft_is_kept_and_cannot_be_published(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "many")
        assert [fault.place for fault in reading_of(drafting.draft).faults] == ["maximum"]
        with pytest.raises(NotAllowed, match="cannot be published: Maximum of a full-time worker"):
            drafting.publish()
        drafting.change("fields.maximum", "10")
        with pytest.raises(NotAllowed, match="The stable load must be less than the maximum"):
            drafting.publish()

    def test_two_people_at_once_are_told(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "90", seen="1")
        with pytest.raises(NotAllowed, match="Cora Test changed this draft on 2\u00a0November\u00a02026 at 09:30"):
            drafting.change("fields.maximum", "80", seen="1")
        assert drafting.draft.document["fields"]["maximum"] == "90"
        SchemeDraft.objects.update(changed_by=None)
        with pytest.raises(NotAllowed, match="The system changed"):
            drafting.publish(seen="1")

    def test_draft_that_is_gone_says_so(self, drafting: Drafting) -> None:
        drop_draft(draft=drafting.draft, seen="1", once=None, by=drafting.cast.cora, at=AT)
        with pytest.raises(NotAllowed, match="no longer there"):
            drafting.publish()
        thrown = AuditEntry.objects.filter(event="SCHEME_DRAFTED").latest("pk")
        assert thrown.detail["did"] == "thrown away"
        assert thrown.detail["document"]["fields"]["maximum"] == "100"

    def test_new_lines_get_a_code_when_they_are_saved(self, drafting: Drafting) -> None:
        document = drafting.draft.document
        document["categories"].append({"code": "", "name": "Adoption", "weight": "6", "reserved": "", "limit": ""})
        drafting.save(document)
        assert drafting.publish().categories.get(code="adoption").weight == 6


class TestPublishing:
    def test_next_version_counts_from_its_day(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "50")
        ScoringNeed.objects.all().delete()
        scheme = drafting.publish(TODAY + DAY)
        team = drafting.cast.team
        assert team_workload(team, as_of=TODAY).scheme.row == drafting.cast.scheme  # type: ignore[union-attr]
        assert team_workload(team, as_of=TODAY + DAY).scheme.row == scheme  # type: ignore[union-attr]
        assert ScoringNeed.objects.filter(team=team).exists()
        assert not SchemeDraft.objects.exists()
        assert AuditEntry.objects.get(event="SCHEME_PUBLISHED", by=drafting.cast.cora).detail == {"version": 2}

    def test_day_is_today_or_later(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "50")
        with pytest.raises(NotAllowed, match="today or later"):
            drafting.publish(TODAY - DAY)

    def test_unchanged_draft_is_not_published(self, drafting: Drafting) -> None:
        with pytest.raises(NotAllowed, match="Nothing was changed: there is nothing to publish"):
            drafting.publish()
        drafting.change("fields.name", "Another name")
        with pytest.raises(NotAllowed, match="Nothing was changed"):
            drafting.publish(TODAY + DAY)
        assert WeightingScheme.objects.filter(service_area=drafting.cast.area).count() == 1

    def test_copy_of_an_older_version_takes_the_place_of_a_newer_one(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "50")
        drafting.publish()
        drafting.draft = begin(drafting.cast)
        assert drafting.publish().version == 3

    def test_day_is_not_before_that_of_the_version_before(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "50")
        draft = schemes.childrens(TODAY + 30 * DAY)
        publish_scheme(service_area=drafting.cast.area, draft=draft, by=None, at=AT)
        with pytest.raises(NotAllowed, match="takes effect on 2\u00a0December\u00a02026"):
            drafting.publish(TODAY + 29 * DAY)
        assert drafting.publish(TODAY + 30 * DAY).version == 3

    def test_first_version_of_an_area_has_none_before_it(self, cast: Cast) -> None:
        area = cast.elsewhere.service_area
        cast.cora.role_assignments.update(employer=area.employer)
        draft = begin(cast, service_area=area, base=None)
        drafting = Drafting(cast, draft)
        drafting.save(document_of(cast.scheme))
        found = drafting.preview()
        assert (found.scheme, found.teams[0].before.word) == ("", "not applicable")
        assert drafting.publish().version == 1


class TestPreview:
    def test_unchanged_draft_changes_nothing(self, drafting: Drafting) -> None:
        found = drafting.preview()
        assert found.sentences == [
            "Nothing would change: every figure of every team and worker would stay as it is today."
        ]
        assert found.moved == []
        assert [(team.name, team.before == team.after) for team in found.teams] == [
            ("Heron Team", True),
            ("Kestrel Team", True),
        ]

    def test_smaller_maximum_is_told_team_by_team(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "32")
        found = drafting.preview()
        assert found.sentences[0] == "1 more worker would be over."
        assert [(row.name, row.team, row.before.word, row.after.word) for row in found.moved] == [
            ("Asha Test", "Heron Team", "room", "over")
        ]
        heron = found.teams[0]
        assert (heron.over, heron.well_over, heron.late) == ((0, 1), (0, 0), (1, 1))
        assert ("over", 0, 1) in found.bands
        assert not found.cut

    def test_before_is_what_the_team_page_shows(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "32")
        (heron, _) = drafting.preview().teams
        assert heron.before == team_workload(drafting.cast.team, as_of=TODAY).figures.standing
        drafting.publish()
        assert heron.after == team_workload(drafting.cast.team, as_of=TODAY).figures.standing

    def test_larger_maximum_and_teams_that_fall(self, drafting: Drafting) -> None:
        record(
            drafting.cast,
            *(case(f"X-{n}", holds(drafting.cast.workers["Kit Test"], drafting.cast.other_team)) for n in range(22)),
        )
        drafting.change("fields.maximum", "200")
        sentences = drafting.preview().sentences
        assert "1 worker would no longer be over." in sentences
        assert "Team load of 1 team would fall from over to room." in sentences

    def test_cases_of_a_category_left_out_are_counted(self, drafting: Drafting) -> None:
        document = drafting.draft.document
        document["categories"] = [row for row in document["categories"] if row["code"] != "child_protection"]
        document["factors"] = []
        drafting.save(document)
        found = drafting.preview()
        assert "The load of 1 more worker would not be known." in found.sentences
        assert any(one.startswith("3 open cases have the category “Child protection”") for one in found.sentences)
        assert any(one.startswith("1 open case has the factor “Long travel”") for one in found.sentences)

    def test_workers_are_named_to_those_who_may_see_their_team(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "32")
        assert drafting.preview("ben").unnamed == 0
        hidden = drafting.preview("femi")
        assert (hidden.moved, hidden.moved_in_all, hidden.unnamed) == ([], 1, 1)

    def test_statements_do_not_grow(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "32")
        drafting.preview()  # a published scheme is read once
        asked = []
        for number in (0, 20):
            holder = holds(drafting.cast.workers["Nia Test"], drafting.cast.team)
            record(drafting.cast, *(case(f"Y-{n}", holder) for n in range(number)))
            draft = find_draft(drafting.cast.cora, drafting.draft.public_id)
            with CaptureQueriesContext(connection) as queries:
                preview(draft, drafting.cast.cora, as_of=TODAY)
            asked.append(len(queries))
        assert asked == [7, 7]


class TestReading:
    def test_every_member_reads_every_version(self, drafting: Drafting) -> None:
        drafting.change("fields.maximum", "90")
        second = drafting.publish(TODAY + DAY)
        for name in ("asha", "ben", "femi", "ewa"):
            found = scheme_list(drafting.cast.users[name], "testshire", as_of=TODAY)
            assert [(one.scheme, one.state) for one in found.areas[0].versions] == [
                (second, "to come"),
                (drafting.cast.scheme, "in force"),
            ]
            assert not found.may_publish
        page = find_scheme(drafting.cast.asha, "testshire", drafting.cast.scheme.pk, as_of=TODAY + DAY)
        assert page.state == "over"
        assert ("Newly qualified", 90) in page.stages

    def test_drafts_are_for_those_who_publish(self, drafting: Drafting) -> None:
        assert scheme_list(drafting.cast.cora, "testshire", as_of=TODAY).areas[0].draft == drafting.draft
        assert scheme_list(drafting.cast.dev, "testshire", as_of=TODAY).areas[0].draft is None
        with pytest.raises(PermissionDenied):
            find_draft(drafting.cast.dev, drafting.draft.public_id)
        with pytest.raises(Http404):
            find_draft(drafting.cast.gil, drafting.draft.public_id)

    def test_scheme_of_another_employer_is_not_there(self, cast: Cast) -> None:
        with pytest.raises(Http404):
            find_scheme(cast.gil, "elsewhere", cast.scheme.pk, as_of=TODAY)

    def test_area_without_a_scheme_has_no_version(self, cast: Cast) -> None:
        ServiceArea.objects.create(employer=cast.employer, name="Adults", client_group="ADULTS", full_time_hours=37)
        assert scheme_list(cast.asha, "testshire", as_of=TODAY).areas[0].versions == []
