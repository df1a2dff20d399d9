"""The API attacked by its own description: with what it allows, and with what it does not."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from caseloads.models import Case
from caseloads.snapshots import score_employer
from checks.actions.standards import load_shipped_standards
from healthcheck.api_description import description
from teams.api import opening
from teams.attempts import Limit
from tests.cast import AT, TODAY, Cast
from tests.integration.test_api import integration_of, token_of

AT_ONCE = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from healthcheck.api_description import operations
with ThreadPoolExecutor(4) as pool:
    print({len(found) for found in pool.map(lambda _: operations(), range(4))})
"""
OPERATIONS = [
    (path, method.upper(), mode)
    for path, methods in description()["paths"].items()
    for method in methods
    for mode in GenerationMode
]
EXAMPLES = 12
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "unsupported_method",
]


@pytest.fixture
def keys(cast: Cast) -> dict[str, str]:
    """A row that each address with a key may be about."""
    load_shipped_standards(at=AT)
    score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    asha = cast.workers["Asha Test"].public_id
    return {"teams": str(cast.team.public_id), "workers": str(asha), "cases": str(Case.objects.first().public_id)}  # type: ignore[union-attr]


@pytest.fixture
def token(cast: Cast, no_attempts_yet: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(opening, "CALLS", Limit("calls of an attack", most=1_000_000, seconds=60))
    return token_of(integration_of(cast.employer))


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """A server would look after its connections before and after each request; here they are the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_answers_as_its_description_says(
    keys: dict[str, str], token: str, path: str, method: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/description.json", get_wsgi_application())
    found: Any = schema[path][method]
    known = keys.get(path.split("/")[3])
    fixed = {"path_parameters": {"public_id": known}} if known and "{" in path else {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=found.as_strategy(generation_mode=mode, **fixed))
    def attack(case: Any) -> None:
        with transaction.atomic():
            case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"},
                checks=schemathesis.checks.CHECKS.get_by_names(CHECKS),
            )
            transaction.set_rollback(True)

    attack()


def test_first_readers_of_the_description_do_not_get_in_each_others_way() -> None:
    answer = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert answer.stdout == f"{{{len(OPERATIONS) // len(GenerationMode)}}}\n", answer.stderr
