"""A threaded HTTP server on a loopback socket, the base of the fake receivers."""

import contextlib
import socket
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.harness.trouble import How, Script, Trouble


@dataclass(frozen=True)
class Request:
    """One request as it came: path, header names in lower case, body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class FakeServer:
    """Answers by `respond`, unless `script` says what goes wrong. `delay` is how many seconds it thinks."""

    def __init__(self) -> None:
        self.script = Script()
        self.requests: list[Request] = []
        self.delay = 0.0
        self.lock = threading.RLock()
        self._never = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Any:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._never.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def respond(self, request: Request) -> Response:
        """Do what a good server does. Called under `lock`."""
        raise NotImplementedError

    def refuse(self, trouble: Trouble) -> Response:
        """The answer that `trouble` asks for."""
        headers = (("Retry-After", str(trouble.retry_after)),) if trouble.retry_after is not None else ()
        return Response(trouble.status, b"", headers)

    def handle(self, request: Request) -> Response | None:
        """The answer; None to break the connection."""
        if self.delay:
            self._never.wait(self.delay)
        trouble = self.script.next()
        with self.lock:
            self.requests.append(request)
            if trouble is None:
                return self.respond(request)
            if trouble.how is How.ANSWER:
                return self.refuse(trouble)
            if trouble.how is How.DONE_THEN_CLOSE:
                self.respond(request)
            return None


def _handler_for(server: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            response = server.handle(Request(self.path, headers, body))
            with contextlib.suppress(OSError):  # the client was killed
                if response is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(response.status)
                for name, value in response.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

        do_GET = do_POST

        def log_message(self, *_args: object) -> None:
            pass

    return Handler
