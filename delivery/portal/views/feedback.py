"""What a learner says back: useful or not, a review flag, a suggested edit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assets.forms import ReviewFlagForm, SuggestionForm
from assets.models import Version
from assets.policies import can_suggest, may_see_answers
from delivery.portal.views.asset import closed
from delivery.queries.opened import Opened, asset_path, find_open
from people.models import User
from people.policies import signed_in
from telemetry.actions.record import Event, record


@require_POST
@login_required
def useful(request: HttpRequest, key: str) -> HttpResponse:
    """`useful=yes|no`. A second click counts as a second say; figures take the last one of a person."""
    user = signed_in(request)
    opened = find_open(user, key)
    if opened is None:
        return closed(request)
    with transaction.atomic():
        record(
            [
                Event(
                    verb="rated",
                    person_id=user.pk,
                    version_id=opened.resolved.version_id,
                    right=request.POST.get("useful") == "yes",
                    release_id=opened.resolved.release.id,
                )
            ]
        )
    messages.success(request, _("Thank you. The author sees it."))
    return redirect("delivery:asset", opened.key)


@require_POST
@login_required
def flag(request: HttpRequest, key: str) -> HttpResponse:
    """Raise a review flag: `kind` and a few words."""
    user = signed_in(request)
    opened = find_open(user, key)
    if opened is None:
        return closed(request)
    form = ReviewFlagForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("delivery:asset", opened.key)
    form.save(user, asset_id=opened.asset_id, version_id=opened.resolved.version_id)
    messages.success(request, _("Sent. You hear back on your Today page."))
    return redirect("delivery:asset", opened.key)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suggest(request: HttpRequest, key: str) -> HttpResponse:
    """Suggest an edit of the version the person sees."""
    user = signed_in(request)
    opened = find_open(user, key)
    if opened is None:
        return closed(request)
    version = _version_to_edit(user, opened)
    form = SuggestionForm(
        request.POST if request.method == "POST" else None,
        version=version,
        may_see_answers=may_see_answers(user, version.asset),
    )
    made = form.save(user) if request.method == "POST" and not form.wants_preview and form.is_valid() else None
    if made is not None:
        messages.success(request, _("Sent. You hear back on your Today page."))
        return redirect("assets:suggestion", made.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(
        request,
        "portal/suggest.html",
        {"asset": version.asset, "here": asset_path(opened.key), "version": version, "form": form},
        status=status,
    )


def _version_to_edit(user: User, opened: Opened) -> Version:
    version = Version.objects.select_related("asset__collection", "asset__owner").get(pk=opened.resolved.version_id)
    if not can_suggest(user, version.asset):
        raise PermissionDenied(
            _("Suggestions are not open here. Flag it for review instead: that reaches the owner too.")
        )
    return version
