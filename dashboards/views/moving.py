"""Pages with parts that move while they are looked at."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def show(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """The page `name`, or with `?part=live` only its parts that move (static/js/live.js puts them in)."""
    part = request.GET.get("part") == "live"
    template = f"dashboards/_{name}_live.html" if part else f"dashboards/{name}.html"
    now = timezone.localtime()
    words = _("as of today %(time)s") % {"time": date_format(now, "H:i")}
    response = render(request, template, context | {"now": now, "as_of": words, "live_url": settings.LIVE_URL})
    if part:
        response["Cache-Control"] = "no-store"
    return response
