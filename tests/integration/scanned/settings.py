"""The product's settings without the limits that would stop a scanner after its first seconds or minutes."""

from healthcheck.settings import *  # noqa: F403

ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400
PAGES_A_MINUTE = API_CALLS_A_MINUTE = 1_000_000
