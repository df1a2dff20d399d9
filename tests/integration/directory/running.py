"""The employer's directory of these tests: a real OpenID Connect provider, and before it a proxy that can lie."""

import base64
import http.client
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2] / "bin"))

from prepare import node  # noqa: E402 - it is a script, and no package

TENANT = "7f1f0f6e-0000-4000-8000-00000000abcd"
CLIENT = "team-health-check"
SECRET = "a secret of the test that nobody else has"
Token = dict[str, Any]


def hint(claims: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(dict(claims)).encode()).rstrip(b"=").decode()


@dataclass
class Directory:
    """Where it is, the key it signs with, and what becomes of the ID tokens it gives out.

    `leads_on`: paths that it answers by leading elsewhere. `asked`: the paths that it was asked.
    """

    issuer: str
    key: rsa.RSAPrivateKey
    change: Callable[[str], str] = field(default=lambda token: token)
    seen: list[str] = field(default_factory=list)
    leads_on: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def sign(self, claims: Mapping[str, Any], **how: Any) -> str:
        named = {"kid": "of-the-test"} | how.pop("headers", {})
        headers = {name: value for name, value in named.items() if value is not None}
        return str(jwt.encode(dict(claims), **({"key": self.key, "algorithm": "RS256"} | how), headers=headers))

    def claims_of(self, token: str) -> Token:
        return dict(jwt.decode(token, options={"verify_signature": False}))

    @property
    def public_pem(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form)


@contextmanager
def directory(back: str) -> Iterator[Directory]:
    """A directory that knows one service, which people come back to at `back`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    port, behind = free_port(), free_port()
    found = Directory(f"http://127.0.0.1:{port}", key)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key))
    plan = {
        "issuer": found.issuer,
        "port": behind,
        "client": {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [back]},
        "jwks": {"keys": [jwk | {"kid": "of-the-test", "use": "sig", "alg": "RS256"}]},
    }
    command = [node(), str(HERE / "provider.mjs"), json.dumps(plan)]
    server = ThreadingHTTPServer(("127.0.0.1", port), proxy_to(behind, found))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as provider:
        said = ""
        while "ready" not in said:
            line = provider.stdout.readline() if provider.stdout else ""
            assert line, f"the provider did not start: {said}"
            said += line
        threading.Thread(target=server.serve_forever, daemon=True).start()
        threading.Thread(target=lambda: provider.stdout and provider.stdout.read(), daemon=True).start()
        yield found
        server.shutdown()
        server.server_close()
        provider.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


def proxy_to(port: int, found: Directory) -> type[BaseHTTPRequestHandler]:
    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.forward()

        def do_POST(self) -> None:
            self.forward()

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.asked.append(self.path)
            if self.path in found.leads_on:
                self.send_response(307)
                self.send_header("Location", f"{found.issuer}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request(self.command, self.path, body, dict(self.headers) | {"X-Forwarded-Proto": "http"})
            answer = line.getresponse()
            content = answer.read()
            if self.path == "/token" and answer.status == 200:
                given = json.loads(content)
                found.seen.append(given["id_token"])
                content = json.dumps(given | {"id_token": found.change(given["id_token"])}).encode()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"content-length", "transfer-encoding", "connection", "keep-alive"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            line.close()

        def log_message(self, *_: object) -> None:
            """Nothing: the tests say what went wrong."""

    return Proxy
