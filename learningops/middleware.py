"""Middleware of the whole site: request id, content security policy, the person's time zone and language."""

import logging
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

logger = logging.getLogger("learningops.request")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id (`request.request_id`, header `X-Request-Id`) that error pages and logs show."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


def content_security_policy() -> str:
    """The one policy of every page: nothing inline, nothing from elsewhere but the live streams."""
    connect = " ".join(filter(None, ["'self'", settings.LIVE_URL]))
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src {connect}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


class ContentSecurityPolicyMiddleware:
    """Send the content security policy with every response that does not bring its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class PersonMiddleware:
    """Work in the signed-in person's time zone. Costs no query: it waits until somebody reads `request.user`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = getattr(request.user, "timezone", "") if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
        if not zone:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)
