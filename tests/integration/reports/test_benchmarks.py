"""Published figures: loading them, checking them, and the page that sets an employer's own beside them."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from caseloads.models import Allocation
from reports.benchmark_loading import Loaded, load
from reports.models import BenchmarkArea
from reports.own_figures import SUPPRESSED
from reports.published import read_published
from reports.queries.benchmarks import Benchmarks, Compared, benchmarks_of
from reports.shipped import CHILDREN, shipped_published
from teams.actions.employers import set_region
from teams.actions.posts import set_establishment
from teams.actions.setting_up import NewContract, NewWorker, add_service_area, add_team, add_workers
from teams.models import AuditEntry, Employer, ServiceArea
from teams.refusals import NotAllowed
from tests.cast import AT, BEGUN, TODAY, WALL, Cast, case, holds, new_worker, record
from tests.unit.reports.test_published import AREAS, SHIPPED

D = Decimal


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def loaded(cast: Cast) -> Cast:
    load(shipped_published())
    set_region(employer=cast.employer, region="E12000009", by=cast.dev, at=AT)
    return cast


@pytest.fixture
def grown(loaded: Cast) -> Cast:
    """Two more with a case each: six registered social workers, of whom five hold cases."""
    new = [new_worker(f"{name} Test", loaded.team) for name in ("Pat", "Pim")]
    for worker in add_workers(employer=loaded.employer, workers=new, by=None, at=AT):
        record(loaded, case(f"G-{worker.name}", holds(worker, loaded.team)))
    return loaded


def page_of(cast: Cast) -> Benchmarks:
    return benchmarks_of(cast.dev, cast.employer.slug, as_of=TODAY)


def rate(cast: Cast, column: str) -> Compared:
    return next(one for one in page_of(cast).compared if one.rate.column == column)


def authorities(*rows: str) -> bytes:
    lines = [
        f"2025,Local authority,{region},?,1,{code},{code},{load}" for region, code, load in (r.split() for r in rows)
    ]
    return "\n".join([f"{AREAS},caseload_fte", *lines, ""]).encode()


def called(name: str, *words: str) -> str:
    said = StringIO()
    call_command(name, *words, stdout=said)
    return said.getvalue()


def test_loading_again_changes_nothing(db: None, django_assert_num_queries: Any) -> None:
    assert called("load_benchmarks") == "Published figures: 108 new, 0 changed, 0 as they were.\n"
    with django_assert_num_queries(3):  # a savepoint and its release; nothing is written
        assert load(shipped_published()) == Loaded(0, 0, 108)
    assert BenchmarkArea.objects.get(year=2019, code="E12000004").figures["vacancy_agency_cover_rate_fte"] == "u"


def test_file_published_anew_changes_its_rows_and_keeps_columns_it_lacks(db: None, tmp_path: Path) -> None:
    called("load_benchmarks")
    file = tmp_path / "newer.csv"
    file.write_text(f"{AREAS},caseload_fte\n2025,National,,,,,,15.1\n2026,National,,,,,,14.9\n")
    assert called("load_benchmarks", str(file)) == "Published figures: 1 new, 1 changed, 0 as they were.\n"
    row = BenchmarkArea.objects.get(year=2025, code="E92000001")
    assert (row.figures["caseload_fte"], row.figures["cases"]) == ("15.1", "321661")
    assert str(row) == "England 2025"


def test_area_is_there_once_a_year(db: None) -> None:
    load(shipped_published())
    with pytest.raises(IntegrityError, match="benchmark_area_once_a_year"), transaction.atomic():
        BenchmarkArea.objects.create(year=2025, code="E92000001", level="ENGLAND", name="England", figures={})
    with pytest.raises(IntegrityError, match="benchmark_area_level"), transaction.atomic():
        BenchmarkArea.objects.create(year=2025, code="X", level="WARD", name="X", figures={})
    with pytest.raises(IntegrityError, match="benchmark_area_is_named"):
        BenchmarkArea.objects.create(year=2025, code="X", level="REGION", name="", figures={})


def test_check_command_gives_counts_and_rows_that_differ(tmp_path: Path) -> None:
    file = tmp_path / CHILDREN
    file.write_bytes(SHIPPED)
    found = json.loads(called("check_benchmarks", str(file), "--json"))
    measures = found["measures"]
    assert sum(one["rows_compared"] for one in measures.values()) == 971
    assert sum(one["equal"] for one in measures.values()) == 912
    assert sum(one["within_rounding"] for one in measures.values()) == 931
    assert sum(one["within_0.1"] for one in measures.values()) == 942
    assert sum(len(one["differ"]) for one in measures.values()) == 971 - 912
    assert "108 rows of areas and years." in called("check_benchmarks", str(file))
    assert json.loads(called("check_benchmarks", "--json")) == found


@pytest.mark.parametrize("name", ["check_benchmarks", "load_benchmarks"])
def test_file_that_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=r"cannot be read: No such file or directory."):
        called(name, str(tmp_path / "nothing.csv"))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="This is not the file"):
        called(name, str(tmp_path / "other.csv"))


def test_own_figures_of_few_people_are_suppressed(loaded: Cast, client: Client) -> None:
    """Four are in post, and three of them hold cases: nothing made of their figures is on the page."""
    client.force_login(loaded.dev)
    text = client.get(reverse("benchmarks", args=[loaded.employer.slug])).text
    found = rate(loaded, "absence_rate_fte")
    assert (found.own_figure.text, found.own.made_of) == ("suppressed", "")
    assert f"Your own: suppressed. {SUPPRESSED}" in text
    assert "4.0 FTE in post" not in text
    assert "FTE of 3 holders" not in text


def test_own_figures_are_of_registered_social_workers_of_childrens_teams(grown: Cast) -> None:
    cast = grown
    found = rate(cast, "caseload_fte")  # Asha holds three, Nia, Kit, Pat and Pim one each; Una is not registered
    assert (found.own.value, found.own.made_of) == (D("1.4"), "7 cases ÷ 5.0 FTE of 5 holders")
    assert found.own.note == "By families, brothers and sisters together: 1.2."
    assert (found.region.text, found.england.text, found.range_of) == ("15.3", "15.2", "9 regions of England")
    assert rate(cast, "vacancy_rate_fte").own_figure.text == "not known"
    assert page_of(cast).adults == []


def test_shared_case_counts_once_with_its_lead_and_a_closed_one_not_at_all(grown: Cast) -> None:
    cast = grown
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    record(
        cast,
        case(
            "S-001",
            holds(asha, cast.team, share=60),
            holds(nia, cast.team, share=40, role=Allocation.Role.CO_WORKER),
        ),
        case("S-002", holds(asha, cast.team), closed_on=TODAY),
    )
    assert rate(cast, "caseload_fte").own.made_of == "8 cases ÷ 5.0 FTE of 5 holders"


def test_own_rates_follow_posts_agency_leavers_and_sickness(grown: Cast) -> None:
    cast = grown
    gone = NewContract(cast.team, D("18.5"), BEGUN, TODAY - timedelta(days=100))
    new: list[NewWorker] = [
        new_worker("Lee Test", cast.team, contracts=(gone,)),
        new_worker("Ada Test", cast.team, agency=True),
        new_worker("Who Test", cast.team, registered=None),
    ]
    add_workers(employer=cast.employer, workers=new, by=None, at=AT)
    set_establishment(team=cast.team, weekly_hours=D(296), starts_on=BEGUN, by=None, at=AT)
    asha = cast.workers["Asha Test"]
    asha.absences.create(reason="SICKNESS", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 7))
    asha.absences.create(reason="FAMILY", starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1))
    assert page_of(cast).not_said == 1
    # in post: Ben, Asha, Nia, Kit, Pat and Pim; eight posts of Heron Team, seven filled; none recorded of Kestrel Team
    assert rate(cast, "vacancy_rate_fte").own.value == D("12.5")
    assert "the posts of a team" in rate(cast, "vacancy_rate_fte").own.note
    assert rate(cast, "agency_rate_fte").own.value == rate(cast, "agency_rate_headcount").own.value == D("14.3")
    assert rate(cast, "turnover_rate_fte").own.value == D("8.3")
    assert rate(cast, "turnover_rate_headcount").own.value == D("16.7")
    assert rate(cast, "absence_rate_fte").own.value == D("0.3")


def test_adult_teams_stand_beside_england(grown: Cast) -> None:
    cast = grown
    area = add_service_area(
        employer=cast.employer,
        name="Adults",
        client_group=ServiceArea.ClientGroup.ADULTS,
        full_time_hours=D(36),
        by=None,
        at=AT,
    )
    team = add_team(service_area=area, name="Oak Team", by=None, at=AT)
    new = [new_worker("Abe Test", team, "18", agency=True)]
    new += [new_worker(f"Ari {number} Test", team, "36") for number in range(5)]
    add_workers(employer=cast.employer, workers=new, by=None, at=AT)
    set_establishment(team=team, weekly_hours=D(270), starts_on=BEGUN, by=None, at=AT)
    vacancy, turnover, agency = page_of(cast).adults
    assert (vacancy.own.value, turnover.own.value, agency.own.value) == (D("33.3"), D("0.0"), D("16.7"))
    assert rate(cast, "agency_rate_fte").own.value == D("0.0")


def test_range_is_over_the_regions_authorities_or_all_of_them_once_they_are_loaded(loaded: Cast) -> None:
    cast = loaded
    load(read_published(authorities("E12000001 E06000001 20.0", "E12000001 E06000002 22.0")))
    found = rate(cast, "caseload_fte")
    assert found.range_of == "2 local authorities of England"
    assert [figure.text for _, figure in found.range_figures] == ["20.0", "20.5", "21.0", "21.5", "22.0"]
    load(read_published(authorities("E12000009 E06000022 9.0", "E12000009 E06000023 11.0", "E12000009 E06000024 c")))
    assert rate(cast, "caseload_fte").range_of == "2 local authorities of the region"
    assert rate(cast, "agency_rate_fte").range_of == "9 regions of England"


def test_london_as_a_whole_has_the_authorities_of_both_halves(loaded: Cast) -> None:
    cast = loaded
    load(read_published(authorities("E13000001 E09000001 20.0", "E13000002 E09000002 22.0")))
    set_region(employer=cast.employer, region="E12000007", by=cast.dev, at=AT)
    assert rate(cast, "caseload_fte").range_of == "2 local authorities of the region"


def test_england_alone_has_no_range_and_a_region_without_figures_is_not_known(cast: Cast) -> None:
    set_region(employer=cast.employer, region="E12000009", by=cast.dev, at=AT)
    load(read_published(f"{AREAS},caseload_fte\n2025,National,,,,,,15.1\n".encode()))
    found = rate(cast, "caseload_fte")
    assert (found.strip, found.range_of, found.range_figures) == (None, "", ())
    assert (found.england.text, found.region.text) == ("15.1", "not known")
    assert rate(cast, "vacancy_rate_fte").england.text == "not given"


def test_symbol_stands_with_its_meaning_in_the_trend(loaded: Cast) -> None:
    set_region(employer=loaded.employer, region="E12000004", by=loaded.dev, at=AT)
    trend = rate(loaded, "vacancy_agency_cover_rate_fte").trend
    assert [row.year for row in trend] == list(range(2025, 2016, -1))
    assert trend[6].region.text == "too unreliable to publish"
    assert trend[6].england.text == "73.1\u00a0%"


def test_page_says_that_it_is_no_target_and_which_range(
    loaded: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(loaded.dev)
    add_workers(
        employer=loaded.employer, workers=[new_worker(f"W {n}", loaded.team) for n in range(30)], by=None, at=AT
    )
    # session, user, employer by right; teams, contracts, absences, cases; two published; pages
    with django_assert_num_queries(10 + WALL):
        page = client.get(reverse("benchmarks", args=[loaded.employer.slug])).content.decode()
    assert "A benchmark is not a target." in page
    assert "Average caseload, cases per full-time equivalent; the range is over 9 regions of England" in page
    assert page.count("<table") == page.count("<caption") == 1 + 2 * 9
    assert "South West" in page


def test_page_without_region_or_published_figures_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.dev)
    address = reverse("benchmarks", args=[cast.employer.slug])
    page = client.get(address).content.decode()
    assert "No published figures are loaded." in page
    assert "Not said" in page
    load(shipped_published())
    Employer.objects.filter(pk=cast.employer.pk).update(nation="WLS")
    page = client.get(address).content.decode()
    assert "for want of the same ones for Wales" in page
    assert rate(cast, "caseload_fte").region.text == "not said"


def test_region_is_set_on_a_form_and_entered_in_the_audit_trail(cast: Cast, client: Client) -> None:
    client.force_login(cast.dev)
    address = reverse("employer-region", args=[cast.employer.slug])
    form = client.get(address).context["form"]
    once = str(form["once"].value())
    back = client.post(address, {"region": "E12000009", "once": once, "seen": ""})
    assert back.headers["Location"] == reverse("benchmarks", args=[cast.employer.slug])
    cast.employer.refresh_from_db()
    assert cast.employer.region == "E12000009"
    entry = AuditEntry.objects.get(event="EMPLOYER_CHANGED")
    assert (entry.by, entry.detail) == (cast.dev, {"region": {"before": "", "after": "E12000009"}})
    assert "Choose a region" in client.post(address, {"region": "X", "once": once, "seen": ""}).content.decode()


def test_administrator_sets_the_region_and_goes_home(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    page = client.get(reverse("employer-region", args=[cast.employer.slug]))
    assert page.context["back"] == reverse("home")


def test_region_that_somebody_else_changed_is_not_overwritten(cast: Cast) -> None:
    set_region(employer=cast.employer, region="E12000001", seen="", by=cast.ewa, at=AT)
    with pytest.raises(NotAllowed, match="It is now: North East"):
        set_region(employer=cast.employer, region="E12000009", seen="", by=cast.dev, at=AT)
    set_region(employer=cast.employer, region="", seen="E12000001", by=cast.dev, at=AT)
    with pytest.raises(NotAllowed, match="It is now: not said"):
        set_region(employer=cast.employer, region="E12000009", seen="E12000001", by=cast.dev, at=AT)


def test_region_is_not_for_others(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        set_region(employer=cast.employer, region="E12000001", by=cast.ben, at=AT)


def test_region_is_a_code_of_england(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="employer_region_is_a_code"):
        Employer.objects.filter(pk=cast.employer.pk).update(region="South")
