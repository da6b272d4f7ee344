"""The address of the streams. Same session, same policy as the pages; served by the live process alone."""

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, StreamingHttpResponse
from django.views.decorators.http import require_GET

from dashboards.live.hub import HUB
from dashboards.live.stream import moves
from people.capabilities import Capability
from people.policies import require, signed_in
from telemetry.policies import figures_scope

# 204 tells the browser to give up the stream (HTML standard, 9.2.2); the page then asks every few seconds.
_NO_STREAM: Final = 204


@require_GET
@login_required
def outcome_stream(request: HttpRequest) -> HttpResponseBase:
    """Events for the teams whose figures the reader may see. 204 from the web process, or when there are too many.

    A refusal is a line of text: nobody looks at a stream, and this process draws no pages.
    """
    try:
        require(signed_in(request), Capability.FIGURES_BY_TEAM)
        teams = figures_scope(signed_in(request)).teams
    except PermissionDenied as error:
        return HttpResponseForbidden(str(error), content_type="text/plain; charset=utf-8")
    if not isinstance(request, ASGIRequest) or HUB.is_full:
        response: HttpResponseBase = HttpResponse(status=_NO_STREAM)
    else:
        response = StreamingHttpResponse(moves(teams), content_type="text/event-stream")
        connection.close()  # a stream lasts for minutes and needs no database
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    _allow_page(request, response)
    return response


def _allow_page(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the pages of our own origin read the stream when it is served on another port (`make run`)."""
    origin = request.headers.get("Origin", "")
    if origin and origin in {settings.PUBLIC_URL, *settings.CSRF_TRUSTED_ORIGINS}:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
    response["Vary"] = "Origin"
