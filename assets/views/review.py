"""The review queue, the review flags of one asset, and one's own suggestions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assets.actions.review_flags import close_review_flags
from assets.policies import asset_for_review
from assets.queries.review import Queue, answered_queue, flags_of, review_queue, suggestions_by
from people.capabilities import Capability
from people.models import User
from people.policies import needs, signed_in

SHOWN = ("all", "mine", "answered")


def queue_of(request: HttpRequest, user: User) -> tuple[Queue, str]:
    """The queue as `?show=` asks for it, and which that is."""
    show = request.GET.get("show", "all")
    if show == "answered":
        return answered_queue(user), show
    show = show if show in SHOWN else "all"
    return review_queue(user, only_mine=show == "mine"), show


@require_safe
@needs(Capability.REVIEW)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, by when it is due."""
    found, show = queue_of(request, signed_in(request))
    return render(request, "assets/review/queue.html", {"queue": found, "show": show})


@require_safe
@login_required
def yours(request: HttpRequest) -> HttpResponse:
    """What one suggested oneself, and what became of it."""
    pages = Paginator(suggestions_by(signed_in(request)), 30)
    return render(request, "assets/review/yours.html", {"page_obj": pages.get_page(request.GET.get("page"))})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Capability.REVIEW)
def flags(request: HttpRequest, asset_id: int) -> HttpResponse:
    """The open review flags of one asset; POST closes the chosen ones with an answer."""
    user = signed_in(request)
    asset = asset_for_review(user, asset_id)
    found = flags_of(user, asset.pk)
    error = ""
    if request.method == "POST":
        chosen = set(request.POST.getlist("flag"))
        ids = [flag.pk for flag in found if str(flag.pk) in chosen]
        try:
            closed = close_review_flags(actor=user, flag_ids=ids, answer=request.POST.get("answer", ""))
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            said = ngettext("%(n)d review flag closed.", "%(n)d review flags closed.", len(closed))
            messages.success(request, said % {"n": len(closed)})
            return redirect("assets:review")
    queue, show = queue_of(request, user)
    context: dict[str, Any] = {
        "asset": asset, "flags": found, "error": error, "answer": request.POST.get("answer", ""),
        "queue": queue, "show": show, "current": ("flags", asset.pk),
    }  # fmt: skip
    return render(request, "assets/review/flags.html", context, status=422 if error else 200)
