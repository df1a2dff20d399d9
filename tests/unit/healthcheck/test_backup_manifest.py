"""What a back-up says of itself, and when it is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from healthcheck.backups import manifest
from healthcheck.backups.manifest import BackupError, Manifest

KNOWN = {"teams": {"0001_initial", "0002_more"}}


@pytest.fixture
def whole(tmp_path: Path) -> Manifest:
    (tmp_path / "database.dump").write_bytes(b"rows")
    return Manifest(
        format=1,
        product="0.2.0",
        postgres=18,
        made_at="2026-11-02T09:30:00+00:00",
        migrations={"teams": ["0001_initial"]},
        rows={"teams_team": 3},
        scored_for="2026-11-02",
        scores="0" * 64,
        files=0,
        sha256={"database.dump": manifest.digest(tmp_path / "database.dump")},
    )


def why_not(told: Manifest, folder: Path, *, postgres: int = 18) -> str | None:
    return manifest.why_not_restore(told, folder, known=KNOWN, postgres=postgres)


def test_is_read_as_it_was_written(whole: Manifest, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(whole.as_json())
    assert manifest.read(tmp_path) == whole
    assert why_not(whole, tmp_path) is None
    assert why_not(whole, tmp_path, postgres=19) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "it has no manifest.json"),
        ("{", "cannot be read"),
        ("[]", "is not the manifest of a back-up"),
        ('{"format": "1"}', "is not the manifest of a back-up"),
        ('{"format": 1}', "is not whole"),
        ('{"format": 2, "product": "9.0"}', r"made by a newer version of the product \(9.0\)"),
    ],
)
def test_nonsense_is_said(tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BackupError, match=sentence):
        manifest.read(tmp_path)


def test_one_of_a_newer_version_is_refused(whole: Manifest, tmp_path: Path) -> None:
    newer = replace(whole, migrations={"teams": ["0001_initial", "0003_newest"]})
    assert "has the migration teams.0003_newest" in (why_not(newer, tmp_path) or "")
    assert "has the migration rota.0001_initial" in (
        why_not(replace(whole, migrations={"rota": ["0001_initial"]}), tmp_path) or ""
    )


def test_one_of_a_newer_server_is_refused(whole: Manifest, tmp_path: Path) -> None:
    assert "restore it into a server that is as new" in (why_not(whole, tmp_path, postgres=17) or "")


def test_one_that_is_not_whole_is_refused(whole: Manifest, tmp_path: Path) -> None:
    (tmp_path / "database.dump").write_bytes(b"rowz")
    assert "database.dump is not as it was written" in (why_not(whole, tmp_path) or "")
    (tmp_path / "database.dump").unlink()
    assert "database.dump is missing" in (why_not(whole, tmp_path) or "")


def test_differences_name_the_table() -> None:
    assert manifest.differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 1}) == ["b: 3 rows, not 2"]
    assert manifest.differences({"a": 1}, {}) == ["a: None rows, not 1"]
