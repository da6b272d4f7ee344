"""One suggestion: what it changes, what was said, and the answer."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assets.actions.suggestions import (
    MergeConflicts,
    accept_suggestion,
    ask_for_changes,
    comment_on_suggestion,
    decline_suggestion,
    withdraw_suggestion,
)
from assets.content import ContentError
from assets.forms import SuggestionForm
from assets.forms.review import preview_of
from assets.models import Suggestion
from assets.policies import (
    may_answer,
    may_see_answers,
    suggestion_for_author,
    suggestion_for_reading,
    suggestion_for_review,
)
from assets.queries.review import PENDING
from assets.queries.suggestion_page import also_open, changes_of, comments_of, outlook_of
from assets.views.review import queue_of
from people.models import User
from people.policies import signed_in

REASONS: Final = {
    "covered": gettext_lazy("Already covered elsewhere."),
    "policy": gettext_lazy("Not our policy."),
    "long": gettext_lazy("Too long for this asset."),
    "other": "",
}
OWN: Final = "own"  # the choice of a conflict that stands for a text of one's own


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suggestion(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """The suggestion. POST does what its button says: accept, ask, decline, comment, withdraw."""
    user = signed_in(request)
    found = suggestion_for_reading(user, suggestion_id)
    error = ""
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        try:
            if act is None:
                raise ValidationError(_("Choose what to do with it."))
            done = act(request, user, found)
        except MergeConflicts as conflict:
            error = " ".join(conflict.messages)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, done)
            return redirect("assets:suggestion", suggestion_id)
    return render(
        request, "assets/review/suggestion.html", _page(request, user, found, error), status=422 if error else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Change one's own suggestion while it waits."""
    user = signed_in(request)
    found = suggestion_for_author(user, suggestion_id)
    if found.state not in PENDING:
        messages.error(request, _("This suggestion was %(state)s already.") % {"state": found.get_state_display()})
        return redirect("assets:suggestion", found.pk)
    found.base.asset = found.asset
    form = SuggestionForm(
        request.POST if request.method == "POST" else None,
        version=found.base,
        may_see_answers=may_see_answers(user, found.asset),
        suggestion=found,
    )
    if request.method == "POST" and not form.wants_preview and form.is_valid() and form.save(user):
        messages.success(request, _("Sent again."))
        return redirect("assets:suggestion", found.pk)
    context = {"form": form, "version": found.base, "suggestion": found}
    return render(request, "assets/review/change.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """The text of the form, rendered. It shows nothing but what was sent."""
    return HttpResponse(preview_of(request.POST.get("text", "")[:1_048_576]))


def _page(request: HttpRequest, user: User, found: Suggestion, error: str) -> dict[str, Any]:
    answering = may_answer(user, found)
    answers = answering or may_see_answers(user, found.asset)
    pending = found.state in PENDING
    context: dict[str, Any] = {
        "suggestion": found, "answering": answering, "pending": pending, "mine": found.author_id == user.pk,
        "error": error, "said": request.POST, "comments": comments_of(found), "reasons": REASONS.items(),
        "current": ("suggestion", found.pk), "reader": user,
    }  # fmt: skip
    names = None
    if answering:
        context["queue"], context["show"] = queue_of(request, user)
        context["also"] = also_open(found)
    if answering and pending:
        try:
            context["outlook"], names = outlook_of(found, request.POST.dict())
        except ContentError:
            context["unreadable"] = True
    context["changes"] = changes_of(found, answers=answers, names=names)
    return context


def _accept(request: HttpRequest, user: User, found: Suggestion) -> str:
    suggestion_for_review(user, found.pk)
    accept_suggestion(actor=user, suggestion_id=found.pk, choices=_choices(request), answer=request.POST.get("say", ""))
    return _("Accepted into the draft. Nobody sees it until you release.")


def _choices(request: HttpRequest) -> dict[str, str]:
    """`conflict-<id>` is ours, theirs, both or own; for own, `own-<id>` is the text."""
    chosen: dict[str, str] = {}
    for name, value in request.POST.items():
        if name.startswith("conflict-"):
            key = name.removeprefix("conflict-")
            chosen[key] = request.POST.get(f"own-{key}", "") if value == OWN else str(value)
    return chosen


def _ask(request: HttpRequest, user: User, found: Suggestion) -> str:
    suggestion_for_review(user, found.pk)
    ask_for_changes(actor=user, suggestion_id=found.pk, text=request.POST.get("say", ""))
    return _("Sent back to %(name)s.") % {"name": found.author}


def _decline(request: HttpRequest, user: User, found: Suggestion) -> str:
    suggestion_for_review(user, found.pk)
    reason = " ".join(filter(None, (str(REASONS.get(request.POST.get("why", ""), "")), request.POST.get("say", ""))))
    decline_suggestion(actor=user, suggestion_id=found.pk, reason=reason)
    return _("Declined. %(name)s reads why.") % {"name": found.author}


def _comment(request: HttpRequest, user: User, found: Suggestion) -> str:
    line = request.POST.get("line", "").strip()
    if line and not (line.isascii() and line.isdigit()):
        raise ValidationError(_("“%(line)s” is not a line number.") % {"line": line})
    comment_on_suggestion(
        actor=user, suggestion_id=found.pk, text=request.POST.get("comment", ""), line=int(line) if line else None
    )
    return _("Comment added.")


def _withdraw(_request: HttpRequest, user: User, found: Suggestion) -> str:
    withdraw_suggestion(actor=user, suggestion_id=found.pk)
    return _("Withdrawn. Nobody needs to answer it now.")


ACTS: Final[dict[str, Callable[[HttpRequest, User, Suggestion], str]]] = {
    "accept": _accept,
    "ask": _ask,
    "decline": _decline,
    "comment": _comment,
    "withdraw": _withdraw,
}
