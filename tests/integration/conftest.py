from typing import Any

import pytest

from teams import attempts
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def no_attempts_yet(engines: None, settings: Any) -> None:
    """Nothing was tried before: limits count from here."""
    server = attempts.server(settings.REDIS_URL)
    if keys := server.keys(f"{attempts.PREFIX}*"):
        server.delete(*keys)
