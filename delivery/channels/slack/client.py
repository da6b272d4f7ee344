"""The few methods of Slack's Web API that we need, through the guarded door (docs/adr/0005)."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from delivery.channels.guard import NoAnswer, Reply, call
from delivery.channels.message import Secret


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack said: the HTTP status, `ok`, the error code (empty when ok), the body."""

    status: int
    ok: bool
    error: str
    body: dict[str, Any]
    retry_after: float | None = None


def post(method: str, token: Secret, arguments: dict[str, Any]) -> Answer:
    """Call a method that writes; arguments as JSON. Raises what `guard.call` raises."""
    return _call(method, token, json.dumps(arguments).encode(), "application/json; charset=utf-8")


def ask(method: str, token: Secret, arguments: dict[str, str]) -> Answer:
    """Call a method that reads; Slack takes the arguments of those as a form only. Raises what `guard.call` raises."""
    return _call(method, token, urlencode(arguments).encode(), "application/x-www-form-urlencoded")


def _call(method: str, token: Secret, body: bytes, content_type: str) -> Answer:
    headers = {"Authorization": "Bearer " + token, "Content-Type": content_type, "Accept": "application/json"}
    reply = call("POST", settings.SLACK_API_URL.rstrip("/") + "/" + method, headers=headers, body=body)
    return _read(reply)


def _read(reply: Reply) -> Answer:
    if reply.status != 200:
        return Answer(reply.status, ok=False, error=f"http_{reply.status}", body={}, retry_after=reply.retry_after)
    try:
        body = json.loads(reply.body)
    except ValueError as error:
        raise NoAnswer("Slack's answer cannot be read.") from error
    if not isinstance(body, dict):
        raise NoAnswer("Slack's answer cannot be read.")
    return Answer(200, bool(body.get("ok")), str(body.get("error", "")), body, reply.retry_after)
