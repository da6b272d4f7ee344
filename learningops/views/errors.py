"""What a reader or a program gets when a request fails: what happened, what next, and the request id as a code.

No query: the page is drawn without the person, so it also works when the database is what failed.
"""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext_lazy as _

from learningops.context import Page

MACHINE_PREFIXES: Final = ("/api/", "/xapi/")
PROBLEMS: Final = {400: "bad-request", 403: "permission-denied", 404: "not-found", 500: "error"}
TITLES: Final = {
    400: _("The request could not be read"),
    403: _("Not allowed"),
    404: _("Not found"),
    500: _("Something broke on our side"),
}


def _request_id(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def said(error: Exception | None) -> str:
    """The sentence with which our own code raised `error`; "" for Django's wording, which is not for readers."""
    text = error.args[0] if error is not None and error.args else ""
    if not isinstance(text, str) or text.endswith("matches the given query."):
        return ""
    return text


def _failure(request: HttpRequest, status: int, template: str, reason: str = "") -> HttpResponse:
    code = _request_id(request)
    if request.path.startswith(MACHINE_PREFIXES):
        problem = {
            "type": f"urn:learningops:problem:{PROBLEMS[status]}",
            "title": str(TITLES[status]),
            "status": status,
            "instance": f"urn:learningops:request:{code}",
        }
        if reason:
            problem["detail"] = reason
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    context: dict[str, Any] = {
        "page": Page.without_person(request),
        "reason": reason,
        "request_id": code,
        "path": request.get_full_path(),
    }
    return HttpResponse(loader.get_template(template).render(context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. The exception's wording stays in the log: it can quote what was sent."""
    del exception
    return _failure(request, 400, "400.html")


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the sentence of the policy that refused."""
    return _failure(request, 403, "403.html", said(exception) if isinstance(exception, PermissionDenied) else "")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with the sentence of the code that looked."""
    return _failure(request, 404, "404.html", said(exception) if isinstance(exception, Http404) else "")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the request id that the log has too. Plain text when even the page cannot be drawn."""
    try:
        return _failure(request, 500, "500.html")
    except Exception:  # the page itself can be what is broken
        text = f"{TITLES[500]}. {_request_id(request)}"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
