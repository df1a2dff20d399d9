import subprocess
from pathlib import Path

import prepare
import pytest

BIN = Path(prepare.__file__).parent


def programs(folder: Path, scripts: dict[str, str]) -> str:
    """A PATH on which only these programs exist."""
    folder.mkdir()
    for name, script in scripts.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return str(folder)


def find_python(path: str) -> "subprocess.CompletedProcess[str]":
    command = ["/bin/sh", "-c", f'. "{BIN}/find_python"; echo "$python"']
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_newest_fitting_python_is_found_when_python3_is_too_old(tmp_path: Path) -> None:
    found = find_python(programs(tmp_path / "path", {"python3": "exit 1", "python3.12": "exit 0"}))
    assert (found.returncode, found.stdout) == (0, "python3.12\n")


def test_missing_python_is_told_in_one_line(tmp_path: Path) -> None:
    found = find_python(programs(tmp_path / "path", {"python3": "exit 1"}))
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "Python 3.11 or newer is needed" in found.stderr


def test_stamp_holds_until_what_it_was_made_from_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "lock", tmp_path / "stamp"
    source.write_text("one")
    assert not prepare.stamped(stamp, prepare.digest(source))
    stamp.write_text(prepare.digest(source))
    assert prepare.stamped(stamp, prepare.digest(source))
    source.write_text("two")
    assert not prepare.stamped(stamp, prepare.digest(source))


def test_failing_program_is_quoted_without_the_package_installers_noise() -> None:
    script = "echo 'WARNING: Location x is ignored: no'; echo 'No matching distribution'; exit 1"
    with pytest.raises(prepare.NotReadyError) as raised:
        prepare.run(["/bin/sh", "-c", script], "The packages could not be installed (see above).")
    assert str(raised.value) == "No matching distribution\nThe packages could not be installed (see above)."


def test_virtual_environment_that_does_not_run_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert prepare.venv_works()
    monkeypatch.setattr(prepare, "PYTHON", tmp_path / "gone")
    assert not prepare.venv_works()


@pytest.mark.parametrize(
    ("version", "taken"), [("v18.19.0", False), ("v20.18.9", False), ("v20.19.0", True), ("v24.1.0", True)]
)
def test_system_node_is_used_when_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, taken: bool
) -> None:
    path = programs(tmp_path / "path", {"node": f"echo {version}", "npm": "exit 0"})
    monkeypatch.setenv("PATH", path)
    monkeypatch.setattr(prepare, "wheel_of_node", lambda: tmp_path / "wheel")
    assert prepare.node() == (f"{path}/node" if taken else f"{tmp_path}/wheel/bin/node")


def test_nothing_is_installed_into_the_system_by_an_ordinary_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    monkeypatch.setenv("PATH", programs(tmp_path / "path", {"apt-get": f"echo used > {log}"}))
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    assert not prepare.apt_install("chromium")
    assert not log.exists()


def test_missing_browser_that_may_not_be_installed_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(prepare.NotReadyError, match="apt install chromium"):
        prepare.browser()


def test_missing_pango_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "pango_loads", lambda: False)
    monkeypatch.setattr(prepare, "apt_install", lambda *_: False)
    prepare.pango()
    assert capsys.readouterr().err == (
        "PDF reports need Pango: apt install libpangoft2-1.0-0 (Debian, Ubuntu) or brew install pango.\n"
    )


def test_development_needs_a_browser_and_running_does_not() -> None:
    assert "Chromium" in prepare.steps_of("dev")
    assert "Chromium" not in prepare.steps_of("run")
    assert [*prepare.steps_of("assets")] == ["assets"]


def test_python_without_venv_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(prepare, "apt_install", lambda *_: False)
    with pytest.raises(prepare.NotReadyError, match="apt install python3-venv"):
        prepare.make_venv()
