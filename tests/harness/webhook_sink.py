"""A receiver of webhooks on a loopback socket: checks signatures, keeps each id once, as the standard asks."""

import json
from typing import Any

from standardwebhooks import Webhook

from tests.harness.http_server import FakeServer, Request, Response


class WebhookSink(FakeServer):
    """`events[path]` holds the events of a path, one for each `webhook-id`, in order of arrival."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self.secret = secret
        self.events: dict[str, dict[str, Any]] = {}

    def at(self, path: str) -> list[Any]:
        """The different events that a path has received."""
        with self.lock:
            return list(self.events.get(path, {}).values())

    def respond(self, request: Request) -> Response:
        event = Webhook(self.secret).verify(request.body, request.headers)
        assert event == json.loads(request.body)
        self.events.setdefault(request.path, {}).setdefault(request.headers["webhook-id"], event)
        return Response(204)
