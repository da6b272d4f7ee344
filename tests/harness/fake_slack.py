"""A Slack workspace on a loopback socket: post, update, history with metadata, direct messages."""

import json
import time
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qs

from tests.harness.http_server import FakeServer, Request, Response
from tests.harness.trouble import Trouble

TOKEN = "xoxb-000000000000-a-test"


class FakeSlack(FakeServer):
    """`messages[channel][ts]` is what the workspace shows now; `calls` the methods that were called, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.missing: set[str] = set()  # channels that do not exist
        self._newest = 0.0

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL."""
        return f"{self.url}/api/"

    def methods(self) -> list[str]:
        """The names of the methods that were called, in order."""
        with self.lock:
            return [method for method, _arguments in self.calls]

    def shown(self, channel: str) -> list[dict[str, Any]]:
        """The messages that a channel shows, oldest first."""
        with self.lock:
            return [message for _ts, message in sorted(self.messages[channel].items())]

    def refuse(self, trouble: Trouble) -> Response:
        if trouble.error and trouble.status in {0, 200}:
            return _answer({"ok": False, "error": trouble.error})
        return super().refuse(trouble)

    def respond(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _answer({"ok": False, "error": "invalid_auth"})
        method = request.path.rpartition("/")[2]
        arguments = _arguments(request)
        self.calls.append((method, arguments))
        act = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.open": self._open,
            "conversations.history": self._history,
        }.get(method)
        return _answer(act(arguments) if act else {"ok": False, "error": "unknown_method"})

    def _auth_test(self, _arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "team": "Test", "bot_id": "B1"}

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = _conversation(str(arguments["channel"]))
        if channel in self.missing:
            return {"ok": False, "error": "channel_not_found"}
        self._newest = max(time.time(), self._newest + 0.000001)  # no two messages have the same
        ts = f"{self._newest:.6f}"
        self.messages[channel][ts] = {**arguments, "ts": ts, "edits": 0}
        return {"ok": True, "channel": channel, "ts": ts}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message = self.messages[str(arguments["channel"])].get(str(arguments["ts"]))
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.update({**arguments, "edits": message["edits"] + 1})
        return {"ok": True, "channel": arguments["channel"], "ts": arguments["ts"]}

    def _open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "channel": {"id": _conversation(str(arguments["users"]))}}

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        oldest = float(arguments.get("oldest", 0))
        found = [m for ts, m in self.messages[str(arguments["channel"])].items() if float(ts) >= oldest]
        newest_first = sorted(found, key=lambda message: str(message["ts"]), reverse=True)
        page = int(arguments.get("cursor") or 0)
        size = min(int(arguments.get("limit", 100)), 200)
        rows = newest_first[page : page + size]
        if arguments.get("include_all_metadata") != "true":
            rows = [{name: value for name, value in row.items() if name != "metadata"} for row in rows]
        following = str(page + size) if page + size < len(newest_first) else ""
        return {"ok": True, "messages": rows, "response_metadata": {"next_cursor": following}}


def _arguments(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(request.body))
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def _conversation(address: str) -> str:
    """A person's id leads to the direct messages with them."""
    return f"D{address[1:]}" if address.startswith(("U", "W")) else address


def _answer(body: dict[str, Any]) -> Response:
    return Response(200, json.dumps(body).encode(), (("Content-Type", "application/json"),))
