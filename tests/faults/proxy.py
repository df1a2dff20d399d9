"""A line to a server that can be made slow, or cut: what a network does on a bad day."""

import contextlib
import socket
import threading
import time
from pathlib import Path


class Proxy:
    """Listens on a port of this machine and passes everything on to a Unix socket, after `delay` seconds."""

    def __init__(self, to: Path) -> None:
        self.to, self.delay = to, 0.0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.listening.accept()
                threading.Thread(target=self._join, args=[line], daemon=True).start()

    def _join(self, line: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(str(self.to))
        except OSError:
            server.close()
            line.close()
            return
        back = threading.Thread(target=self._pass_on, args=[server, line, False], daemon=True)
        back.start()
        self._pass_on(line, server, True)
        back.join()
        server.close()
        line.close()

    def _pass_on(self, source: socket.socket, target: socket.socket, slowly: bool) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while some := source.recv(65_536):
                if slowly:
                    time.sleep(self.delay)
                target.sendall(some)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
