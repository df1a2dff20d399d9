"""How a command waits for what the workers do."""

import time
from collections.abc import Callable

LONGEST_WAIT = 120.0
BETWEEN_LOOKS = 0.05


def wait_until(done: Callable[[], bool]) -> bool:
    """Look again and again until something is done; False when it has not been after two minutes."""
    until = time.monotonic() + LONGEST_WAIT
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(BETWEEN_LOOKS)
    return True
