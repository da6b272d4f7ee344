"""Middleware of the whole site: request id, content security policy, the person's time zone and language."""

import logging
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

logger = logging.getLogger("learningops.request")
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
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


class RefuseNullMiddleware:
    """Answer 400 to a zero character in an address, a query or a form: no text has one, and PostgreSQL takes none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A zero character in the address.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Only forms that the CSRF check reads anyway: a view that it leaves alone may want the raw body."""
        if getattr(view, "csrf_exempt", False) or request.content_type not in _FORMS:
            return
        if any("\0" in v for _k, values in request.POST.lists() for v in values):
            raise BadRequest("A zero character in the form.")


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
