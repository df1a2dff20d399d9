"""The product's settings without the limits that would stop a scanner after its first seconds."""

from healthcheck.settings import *  # noqa: F403

PAGES_A_MINUTE = API_CALLS_A_MINUTE = 1_000_000
