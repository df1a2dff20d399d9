"""What root moves out of its home for the engines to run as nobody. The change of user itself is in test_engines."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from healthcheck import privileges
from healthcheck.privileges import Plan


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody can enter, with all its parents."""
    closed = [folder for folder in (tmp_path, *tmp_path.parents) if not folder.stat().st_mode & 0o001]
    modes = {folder: folder.stat().st_mode for folder in closed}
    for folder in closed:
        folder.chmod(modes[folder] | 0o001)
    yield tmp_path
    for folder, mode in modes.items():
        folder.chmod(mode)


@pytest.fixture
def plan(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr(privileges, "OUTSIDE", open_folder / "outside")
    home = open_folder / "home"
    packages = home / "site-packages"
    for name in (
        "var/data",
        "var/run",
        "site-packages/postgres/install/bin",
        "site-packages/postgres.libs",
        "site-packages/valkey",
    ):
        (home / name).mkdir(parents=True)
    (packages / "postgres/install/bin/postgres").touch()
    (packages / "postgres.libs/libpq.so").touch()
    (packages / "valkey/valkey-server").touch(0o755)
    return Plan(
        var=home / "var",
        data=home / "var/data",
        run=home / "var/run",
        pg_bin=packages / "postgres/install/bin",
        valkey=packages / "valkey/valkey-server",
        throwaway=False,
    )


def test_what_everybody_can_reach_stays(plan: Plan) -> None:
    assert privileges.within_reach(plan) == plan
    assert not privileges.OUTSIDE.exists()


def test_data_and_programs_in_a_closed_home_move_out_and_are_linked(plan: Plan) -> None:
    (plan.data / "kept").write_text("7")
    plan.var.parent.chmod(0o700)
    moved = privileges.within_reach(plan)
    for place in (moved.data, moved.run, moved.pg_bin, moved.valkey):
        assert privileges.OUTSIDE in place.parents
    assert plan.data.resolve() == moved.data
    assert (moved.data / "kept").read_text() == "7"
    assert (moved.pg_bin / "postgres").exists()
    assert (moved.pg_bin.parents[2] / "postgres.libs" / "libpq.so").exists()
    assert moved.valkey.is_file()


def test_moving_out_again_keeps_the_data(plan: Plan) -> None:
    plan.var.parent.chmod(0o700)
    first = privileges.within_reach(plan)
    (first.data / "kept").write_text("7")
    assert privileges.within_reach(plan) == first
    assert (plan.data / "kept").read_text() == "7"


def test_programs_without_libraries_beside_them_move_too(plan: Plan) -> None:
    plan.var.parent.chmod(0o700)
    alone = replace(plan, pg_bin=plan.valkey.parent / "a" / "b")
    alone.pg_bin.mkdir(parents=True)
    assert privileges.within_reach(alone).pg_bin.is_dir()


def test_folder_is_given_away_with_all_in_it(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, int]] = []
    monkeypatch.setattr(os, "chown", lambda path, uid, _gid, **_: given.append((str(path), uid)))
    (plan.data / "file").touch()
    privileges.give(plan.data, 65534, 65534)
    assert given == [(str(plan.data), 65534), (str(plan.data / "file"), 65534)]


def test_ordinary_user_stays_who_they_are(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privileges.step_down(plan) is plan
