"""A passkey as a browser would have registered it, for accounts that only need to have one."""

from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

KEY = b"a passkey of the scanner's"


def registered() -> dict[str, Any]:
    """What is kept of it; nobody has its private half."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(bytes(16), KEY, public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, credential)
    client = CollectedClientData.create(type="webauthn.create", challenge=bytes(32), origin="http://localhost")
    return {
        "id": websafe_encode(KEY),
        "rawId": websafe_encode(KEY),
        "type": "public-key",
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
    }
