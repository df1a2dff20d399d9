"""Secrets of the API: making one, and knowing it again without keeping it. Pure."""

import re
import secrets
from hashlib import sha256

PREFIX = "thc_"
"""By which scanners of code and logs know a token that got where it should not be."""
SHOWN = 10
_TOKEN = re.compile(r"thc_[\w-]{43}")
_BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)


def new_token() -> str:
    """256 random bits: nobody finds it by trying, so its digest needs no salt."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token: 64 hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def shown_in(header: str) -> str:
    """The token in an `Authorization` header; "" where there is none that looks like one of ours."""
    found = _BEARER.fullmatch(header.strip())
    return found[1] if found and _TOKEN.fullmatch(found[1]) else ""
