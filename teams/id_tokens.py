"""Whether a token really is the directory's, for us, about this sign-in: nothing in it is believed before that.

Signatures are checked against the directory's public keys, by algorithms that need such a key; a token without a
signature, or one signed with something that everybody knows, is refused with the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hmac import compare_digest
from typing import Any

import jwt

from teams import attempts

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
CLOCKS_DIFFER = 60
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPE = "logout+jwt"
LIFE_OF_A_LOGOUT = 600
PATIENCE = 10


class NotOursError(Exception):
    """Why a token is not believed: for the log, not for whoever sent it."""


@dataclass(frozen=True)
class Expected:
    """Whose tokens are believed. tenant "": the directory has but one."""

    issuer: str
    client_id: str
    keys_address: str
    tenant: str = ""


def read_id_token(token: str, *, expected: Expected, nonce: str) -> Mapping[str, Any]:
    """The claims of an ID token of this sign-in. Raises NotOursError."""
    claims = _read(token, expected=expected, require=["exp", "iat", "iss", "aud", "sub", "nonce"])
    if not compare_digest(str(claims["nonce"]), nonce):
        raise NotOursError("It is of another sign-in: the nonce differs.")
    return claims


def read_logout_token(token: str, *, expected: Expected) -> str:
    """Whom the directory has signed out, by its own key for them. Each token counts once. Raises NotOursError."""
    claims = _read(token, expected=expected, require=["exp", "iat", "iss", "aud", "jti", "sub", "events"])
    if jwt.get_unverified_header(token).get("typ", LOGOUT_TYPE) != LOGOUT_TYPE:  # verified above, with the claims
        raise NotOursError("It calls itself another kind of token.")
    if LOGGED_OUT not in claims["events"] or "nonce" in claims:
        raise NotOursError("It does not say that somebody was signed out.")
    if claims["exp"] - claims["iat"] > LIFE_OF_A_LOGOUT:
        raise NotOursError("It would work for longer than it is remembered.")
    remembered = LIFE_OF_A_LOGOUT + 2 * CLOCKS_DIFFER
    if not attempts.first_time(f"logout:{expected.issuer}:{claims['jti']}", seconds=remembered):
        raise NotOursError("It was used before.")
    return str(claims["sub"])


def _read(token: str, *, expected: Expected, require: list[str]) -> Mapping[str, Any]:
    try:
        key = _keys(expected.keys_address).get_signing_key_from_jwt(token)
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=list(ALGORITHMS),
            audience=expected.client_id,
            issuer=expected.issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": require},
        )
    except jwt.PyJWTError as error:
        raise NotOursError(f"{type(error).__name__}: {error}") from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != expected.client_id:
        raise NotOursError("It was made for somebody else, who is not us.")
    if expected.tenant and not compare_digest(str(claims.get("tid", "")), expected.tenant):
        raise NotOursError("It is of another tenant.")
    return claims


@cache
def _keys(address: str) -> jwt.PyJWKClient:
    """The directory's public keys, fetched again when it signs with one that is not known yet."""
    return jwt.PyJWKClient(address, lifespan=300, timeout=PATIENCE)
