"""A post office that takes every letter and remembers whom it was for."""

import socketserver
import threading
from types import TracebackType
from typing import Self


class _Counter(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 post\r\n")
        reading = False
        for raw in self.rfile:
            line = raw.decode().strip()
            if reading:
                reading = line != "."
                self.wfile.write(b"" if reading else b"250 taken\r\n")
                continue
            word = line.upper()
            if word.startswith("RCPT TO:"):
                self.server.recipients.append(line.split("<")[1].split(">")[0])  # type: ignore[attr-defined]
            reading = word == "DATA"
            self.wfile.write(b"354 go on\r\n" if reading else b"221 bye\r\n" if word == "QUIT" else b"250 yes\r\n")
            if word == "QUIT":
                return


class Post(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.recipients: list[str] = []
        self.port = int(self.server_address[1])
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.shutdown()
        self.server_close()
