"""Answering checks. Graded on the server, by the version the person is decided to see."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from assets.content import ResponseError
from assets.queries.pages import VersionPage, version_page
from delivery.actions.answers import Answered, answer_check, show_answer
from delivery.portal.parts import shown_check
from delivery.portal.responses import read_response
from delivery.portal.session import keep_answer
from delivery.portal.views.asset import closed
from delivery.queries.opened import Opened, find_open
from delivery.queries.today import due_checks
from people.models import User
from people.policies import signed_in
from telemetry.queries.evidence import answers_in


@require_POST
@login_required
def answer(request: HttpRequest, key: str, check: str) -> HttpResponse:
    """Grade one answer, or show the right one after two tries (`show`). With htmx, the check comes back by itself."""
    user = signed_in(request)
    opened = find_open(user, key)
    if opened is None:
        return closed(request)
    page = version_page(opened.resolved.version_id)
    if check not in page.checks:
        return closed(request)
    problem = _answer(request, user, opened, page, check)
    if getattr(request, "htmx", False):
        return _fragment(request, user, page, check, problem)
    if problem:
        messages.error(request, problem)
    return redirect(_back(request, opened.key) + f"#check-{check}")


@require_safe
@login_required
def practice(request: HttpRequest) -> HttpResponse:
    """The next check that is due, alone on a page."""
    due = due_checks(signed_in(request), most=1)
    return redirect(
        f"{reverse('delivery:asset', args=[due[0].asset_key])}#check-{due[0].key}" if due else "delivery:today"
    )


def _answer(request: HttpRequest, user: User, opened: Opened, page: VersionPage, check: str) -> str:
    """Do it and keep it in the session; returns what is wrong with the response, or ""."""
    public = page.checks[check]
    try:
        if "show" in request.POST:
            show_answer(person=user, opened=opened, check_key=check)
            kept: Mapping[str, Any] = {"shown": True}
        else:
            response = read_response(public.type, request.POST)
            done: Answered = answer_check(person=user, opened=opened, check_key=check, response=response)
            kept = {"response": response, "right": done.right}
    except ResponseError as error:
        return str(error)
    keep_answer(request.session, public.version_check_id, kept)
    return ""


def _fragment(request: HttpRequest, user: User, page: VersionPage, key: str, problem: str) -> HttpResponse:
    shown = shown_check(request.session, page, key, answers_in(user.pk, page.version_id))
    shown.problem = problem
    return render(request, "portal/_check.html", {"check": shown})


def _back(request: HttpRequest, key: str) -> str:
    """The page the check stood on: the asset's, or Today."""
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, None):
        return back
    return reverse("delivery:asset", args=[key])
