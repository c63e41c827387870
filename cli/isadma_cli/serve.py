"""Serves one page to this machine's browser, for a while: 127.0.0.1 only, nothing but that page."""

from __future__ import annotations

import gzip
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer

from isadma_cli.errors import CommandError

__all__ = ["serve_page"]

_HOST = "127.0.0.1"
#: Seconds that one request may take, and between two looks at the time.
_REQUEST, _LOOK = 2.0, 0.5
#: A page that is somebody else's cannot be framed, and this one asks nobody for anything.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class _Server(HTTPServer):
    timeout = _LOOK

    def __init__(self, page: bytes, port: int) -> None:
        self.page, self.packed = page, gzip.compress(page)
        super().__init__((_HOST, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that goes away in the middle."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _REQUEST
    server_version = "isadma"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        # A page from elsewhere that has this address under a name of its own is not served.
        name = (self.headers.get("Host") or "").rpartition(":")[0]
        if name not in (_HOST, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        if self.path.partition("?")[0] not in ("/", "/lab.html"):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        packed = "gzip" in (self.headers.get("Accept-Encoding") or "")
        page = self.server.packed if packed else self.server.page
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if body:
            self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of who asks for the one page there is."""


def serve_page(page: bytes, port: int, seconds: float) -> None:
    """Serve a page until Ctrl-C, or for so long at most.

    Parameters
    ----------
    page
        HTML, UTF-8.
    port
        0 for any that is free.
    seconds
        When it ends by itself.

    Raises
    ------
    CommandError
        The port cannot be had.
    """
    try:
        server = _Server(page, port)
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(f"cannot serve at port {port}: {reason}; choose another with --port") from None
    with server:
        print(
            f"http://{_HOST}:{server.server_port}/  (Ctrl-C ends it, and so do {seconds / 60:.0f} minutes)", flush=True
        )
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                server.handle_request()
        except KeyboardInterrupt:
            print("ended")
