"""The board of releases, and one release: who sees it, what happened, roll back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.actions.releases import is_for_everyone, roll_back_release, switch_release, widen_release
from delivery.forms import ShareForm
from delivery.models import Release
from delivery.policies import release_for_change, require_reach
from delivery.queries import release_page as page
from delivery.queries.board import board
from delivery.queries.explain import explain, explain_passed
from delivery.queries.ledger import counts_by_channel, deliveries_of, is_expanding
from delivery.queries.resolve import decide_one
from flags.engine import FULL
from flags.queries import audience_sentence
from people.capabilities import Capability
from people.models import User
from people.policies import needs, signed_in


@require_safe
@needs(Capability.RELEASE)
def release_board(request: HttpRequest) -> HttpResponse:
    """The pipeline, from gates to everyone."""
    return render(request, "delivery/releases/board.html", {"board": board(signed_in(request))})


@require_safe
@needs(Capability.RELEASE)
def release_page(request: HttpRequest, release_id: int) -> HttpResponse:
    """One release. `?person=` looks up what one person gets of this asset, and why."""
    user = signed_in(request)
    release = release_for_change(user, release_id)
    context = _page(release) | {
        "sentence": audience_sentence(release.flag.audience),
        "share_form": ShareForm(initial={"percent": release.flag.percentage_hundredths / 100}),
        "timeline": page.timeline(release.pk),
        "lookup": _look_up(release, request.GET.get("person", "").strip()),
        "asked": request.GET.get("person", ""),
    }
    return render(request, "delivery/releases/release.html", context)


@require_safe
@needs(Capability.RELEASE)
def release_numbers(request: HttpRequest, release_id: int) -> HttpResponse:
    """The part of the page that moves by itself: deliveries by channel and state."""
    release = release_for_change(signed_in(request), release_id)
    return render(request, "delivery/releases/_deliveries.html", _deliveries(release))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Capability.RELEASE)
def roll_back(request: HttpRequest, release_id: int) -> HttpResponse:
    """Ask, then close this release; everyone gets what the stack then gives."""
    user = signed_in(request)
    release = release_for_change(user, release_id)
    if request.method == "POST":
        roll_back_release(actor=user, release_id=release.pk, reason=request.POST.get("reason", "").strip()[:300])
        messages.success(request, _("Rolled back. %(what)s is no longer offered.") % {"what": release.version})
        return redirect("delivery:release", release.pk)
    return render(request, "delivery/releases/roll_back.html", _page(release))


@require_POST
@needs(Capability.RELEASE)
def change_share(request: HttpRequest, release_id: int) -> HttpResponse:
    """Widen or narrow the share of the audience."""
    user = signed_in(request)
    release = release_for_change(user, release_id)
    form = ShareForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return redirect("delivery:release", release.pk)
    share = form.hundredths()
    require_reach(user, release.flag.audience.rule, share)
    return _do(
        request,
        release,
        lambda: widen_release(actor=user, release_id=release.pk, percentage_hundredths=share),
        _("%(percent)g%% of its audience get it now.") % {"percent": share / 100},
    )


@require_POST
@needs(Capability.RELEASE)
def switch(request: HttpRequest, release_id: int) -> HttpResponse:
    """The kill switch: `do=kill` takes the release from everybody at once, `do=revive` gives it back."""
    user = signed_in(request)
    release = release_for_change(user, release_id)
    kill = request.POST.get("do") != "revive"
    return _do(
        request,
        release,
        lambda: switch_release(actor=user, release_id=release.pk, kill=kill),
        _("Switched off. Nobody gets this release.") if kill else _("Switched on again."),
    )


def _do(request: HttpRequest, release: Release, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("delivery:release", release.pk)


def _page(release: Release) -> dict[str, Any]:
    stack = page.stack_rows(release)
    here = next((row for row in stack if row.here), None)
    below = page.version_below(release)
    return {
        "release": release,
        "stack": stack,
        "people": here.people if here else 0,
        "below": below,
        "everyone": is_for_everyone(release),
        "partial": release.flag.percentage_hundredths < FULL,
        "open": release.state == Release.State.OPEN,
        "percent": f"{release.flag.percentage_hundredths / 100:g}",
        "reached": ngettext("%(count)d person", "%(count)d people", here.people) % {"count": here.people}
        if here
        else "",
        **_deliveries(release),
    }


def _deliveries(release: Release) -> dict[str, Any]:
    rows = counts_by_channel(release.pk)
    in_trouble = any(row.unknown or row.failed for row in rows)
    return {
        "release": release,
        "deliveries": rows,
        "waiting": is_expanding(release.pk) or any(row.open for row in rows),
        "troubles": deliveries_of(release.pk, states=("unknown", "failed"), limit=5) if in_trouble else (),
    }


def _look_up(release: Release, username: str) -> dict[str, Any] | None:
    """What one person gets of this asset, and why newer releases passed them by."""
    if not username:
        return None
    person = User.objects.filter(username=username).first()
    if person is None:
        return {"problem": _("There is nobody with the username “%(name)s”.") % {"name": username}}
    resolved = decide_one(person, release.asset_id)
    if resolved is None:
        return {"person": person, "closed": True}
    return {
        "person": person,
        "why": explain(resolved),
        "passed": [explain_passed(above, decision) for above, decision in resolved.passed],
    }
