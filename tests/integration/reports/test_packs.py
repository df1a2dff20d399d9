"""The pack of a cycle: its parts made one by one, what fails named and tried again, the archive the same each time."""

import zipfile
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from checks.models import Cycle
from reports import actions, packing, pdf, rendering
from reports.models import ReportRun
from reports.queries import runs
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, Cast
from tests.integration.checks import rounds


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return rounds.opened(cast, teams=(cast.team, cast.other_team))


def ask(cast: Cast, cycle: Cycle) -> ReportRun:
    return actions.request_pack(cycle=cycle, by=cast.cora, at=AT)


def make(run: ReportRun, *, minute: int = 1) -> int | None:
    return rendering.render(run_id=run.pk, clock=lambda: AT + timedelta(minutes=minute))


def make_parts(pack: ReportRun, *, minute: int = 1) -> list[int | None]:
    return [make(part, minute=minute) for part in pack.parts.order_by("pk")]


def archive(pack: ReportRun) -> zipfile.ZipFile:
    pack.refresh_from_db()
    assert pack.status == "READY", pack.error
    with pack.file.open() as file:
        return zipfile.ZipFile(BytesIO(file.read()))


def never(names: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents about some teams cannot be drawn."""
    drawn = pdf.draw

    def broken(name: str, content: Any) -> bytes:
        if content["cover"]["subject"] in names:
            raise ValueError("no ink")
        return drawn(name, content)

    monkeypatch.setattr(pdf, "draw", broken)


def try_three_times(run: ReportRun) -> None:
    for minute in (1, 2, 3):
        with pytest.raises(ValueError, match="no ink"):
            make(run, minute=minute)


def test_pack_has_every_team_s_report_and_the_employer_s(cast: Cast, cycle: Cycle) -> None:
    pack = ask(cast, cycle)
    assert make(pack) is None  # it waits for its parts
    assert make_parts(pack) == [None, None, pack.pk]
    assert make(pack) is None
    with archive(pack) as packed:
        assert packed.namelist() == [
            "contents.txt",
            "compliance-testshire-council-2026-11-02.pdf",
            "health-check-heron-team-2026-11-02.pdf",
            "health-check-kestrel-team-2026-11-02.pdf",
        ]
        assert all(packed.read(name).startswith(b"%PDF") for name in packed.namelist()[1:])
        assert "Missing" not in packed.read("contents.txt").decode()


def test_asking_twice_gives_the_one_on_its_way(cast: Cast, cycle: Cycle) -> None:
    assert ask(cast, cycle) == ask(cast, cycle)
    assert ReportRun.objects.filter(kind="PACK").count() == 1
    assert ReportRun.objects.filter(pack__isnull=False).count() == 3


def test_same_parts_give_the_same_archive(cast: Cast, cycle: Cycle) -> None:
    pack = ask(cast, cycle)
    make_parts(pack)
    first, second = (packing.assembled(pack)[0] for _ in range(2))
    assert first == second


def test_pack_goes_on_where_a_dead_worker_left_it(cast: Cast, cycle: Cycle) -> None:
    pack = ask(cast, cycle)
    first, dead, _ = pack.parts.order_by("pk")
    make(first)
    ReportRun.objects.filter(pk=dead.pk).update(status="RUNNING", started_at=AT, attempts=1)
    left = rendering.left_undone(at=AT + timedelta(minutes=3))
    assert first.pk not in left
    made = [rendering.render(run_id=run_id, clock=lambda: AT + timedelta(minutes=3)) for run_id in sorted(left)]
    assert pack.pk in made
    make(pack, minute=4)
    assert len(archive(pack).namelist()) == 4
    first.refresh_from_db()
    assert first.attempts == 1


def test_failed_part_is_named_and_tried_again(
    cast: Cast, cycle: Cycle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pack = ask(cast, cycle)
    with monkeypatch.context() as patch:
        never(["Kestrel Team"], patch)
        failing = pack.parts.get(check_of__team=cast.other_team)
        for part in pack.parts.exclude(pk=failing.pk):
            make(part)
        try_three_times(failing)
    make(pack, minute=4)
    with archive(pack) as packed:
        assert "health-check-kestrel-team-2026-11-02.pdf" not in packed.namelist()
        assert "Kestrel Team" in packed.read("contents.txt").decode()
    assert "Missing, because they could not be made: Kestrel Team" in pack.error
    page = runs.run_page(cast.dev, pack.public_id)
    assert [part.subject for part in page.failed] == ["Kestrel Team, Autumn 2026"]
    # when it is tried again, then only it is made, and the archive with it
    actions.retry_failed(pack=pack, by=cast.dev, at=AT + timedelta(minutes=5))
    assert make_parts(pack, minute=6) == [None, None, pack.pk]
    make(pack, minute=7)
    assert len(archive(pack).namelist()) == 4
    assert pack.error == ""
    assert [file.name for file in tmp_path.rglob("*.zip")] == [Path(pack.file.name).name]
    assert AuditEntry.objects.filter(event="REPORT_REQUESTED", detail={"again": 1}).exists()


def test_part_whose_file_is_gone_is_named_too(cast: Cast, cycle: Cycle) -> None:
    pack = ask(cast, cycle)
    make_parts(pack)
    lost = pack.parts.get(check_of__team=cast.other_team)
    lost.file.storage.delete(lost.file.name)
    make(pack)
    assert len(archive(pack).namelist()) == 3
    assert "Kestrel Team" in pack.error


def test_there_is_nothing_to_try_again_where_nothing_failed(cast: Cast, cycle: Cycle) -> None:
    with pytest.raises(NotAllowed, match="has failed"):
        actions.retry_failed(pack=ask(cast, cycle), by=cast.dev, at=AT)


def test_cycle_without_figures_has_no_pack_yet(cast: Cast, client: Client) -> None:
    cycle = rounds.opened(cast)
    cycle.checks.update(measured_at=None)
    client.force_login(cast.cora)
    answer = client.post(reverse("pack-request", args=[cycle.public_id]), follow=True)
    assert "still being taken" in answer.content.decode()
    assert not ReportRun.objects.exists()


def test_two_teams_of_one_file_name_are_told_apart(cast: Cast, cycle: Cycle) -> None:
    cast.other_team.name = "Heron – Team"
    cast.other_team.save()
    pack = ask(cast, cycle)
    make_parts(pack)
    make(pack)
    assert archive(pack).namelist()[2:] == [
        "health-check-heron-team-2026-11-02-2.pdf",
        "health-check-heron-team-2026-11-02.pdf",
    ]


def test_page_of_a_pack_says_how_far_it_is(cast: Cast, cycle: Cycle, client: Client) -> None:
    pack = ask(cast, cycle)
    make(pack.parts.order_by("pk")[0])
    client.force_login(cast.dev)
    page = client.get(reverse("report-run", args=[pack.public_id])).content.decode()
    assert "1 of 3 reports are made" in page
    make_parts(pack)
    make(pack)
    page = client.get(reverse("report-run", args=[pack.public_id])).content.decode()
    assert "Download the pack (ZIP)" in page
    answer = client.get(reverse("report-file", args=[pack.public_id]))
    assert answer["Content-Type"] == "application/zip"
    assert "health-checks-testshire-council-2026-11-02.zip" in answer["Content-Disposition"]
    answer.close()
