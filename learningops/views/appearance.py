"""Light, dark or what the machine says."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("auto", "light", "dark")
_YEAR = 365 * 24 * 3600


@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Keep the choice `theme` in a cookie for a year and go back to the page it was made on (`next`)."""
    back = request.POST.get("next") or request.headers.get("Referer", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    theme = request.POST.get("theme", "auto")
    response = HttpResponseRedirect(back)
    response.set_cookie(
        "theme", theme if theme in THEMES else "auto", max_age=_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response
