"""The asset page: content with its checks inline, why one sees it, what changed."""

from time import monotonic
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assets.queries.pages import VersionPage, version_page
from delivery.portal.parts import framed, page_token, parts_of
from delivery.queries.changes import Changes, changes_between, what_changed
from delivery.queries.explain import explain, explain_passed
from delivery.queries.opened import Opened, asset_path, find_open
from delivery.queries.pathway import next_steps
from people.capabilities import Capability
from people.models import User
from people.policies import signed_in
from telemetry.actions.record import Event, record
from telemetry.queries.evidence import answers_in
from telemetry.queries.seen import last_seen

VIEW_COUNTS_AGAIN_AFTER = 1800  # seconds: opening a page twice in a meeting is one view
NOTED_AT_MOST = 10_000
_noted: dict[str, float] = {}  # views this process noted lately → when to ask Redis again


@require_safe
@login_required
def asset_page(request: HttpRequest, key: str) -> HttpResponse:
    """One asset, in the version that is decided for the person."""
    user = signed_in(request)
    opened = find_open(user, key)
    if opened is None:
        return closed(request)
    if opened.key != key:
        return redirect("delivery:asset", opened.key, permanent=True)
    page = version_page(opened.resolved.version_id)
    if page.kind == "pathway":
        return redirect("delivery:pathway", opened.key)
    evidence = answers_in(user.pk, page.version_id)
    around = _around(opened, page) | {"suggest": page.learners_may_suggest or user.can(Capability.SUGGEST)}
    article = framed(request, page, parts_of(request, page, evidence), around)
    note_view(user, page, opened)
    context = {"asset": page, "article": article, "csrf_token": page_token(request)}
    return render(request, "portal/asset.html", context)


@require_safe
@login_required
def changes(request: HttpRequest, key: str) -> HttpResponse:
    """The version the person saw before against the one they get now, without answers."""
    user = signed_in(request)
    opened = find_open(user, key)
    if opened is None:
        return closed(request)
    page = version_page(opened.resolved.version_id)
    found: Changes | None = changes_between(_seen_before(user, page), page.version_id)
    return render(request, "portal/changes.html", {"asset": page, "here": asset_path(page.key), "changes": found})


def closed(request: HttpRequest) -> HttpResponse:
    """The same page for what is closed to the person and for what does not exist."""
    return render(request, "portal/closed.html", status=404)


def note_view(user: User, page: VersionPage, opened: Opened) -> None:
    """Record that the person opened this version, once in half an hour. Redis is asked, but not twice in a process."""
    name, now = f"view:{user.pk}:{page.version_id}", monotonic()
    if _noted.get(name, 0) > now:
        return
    if len(_noted) > NOTED_AT_MOST:
        _noted.clear()
    _noted[name] = now + VIEW_COUNTS_AGAIN_AFTER / 2
    if not cache.add(name, 1, VIEW_COUNTS_AGAIN_AFTER):
        return
    record(
        [
            Event(
                verb="experienced",
                person_id=user.pk,
                version_id=page.version_id,
                release_id=opened.resolved.release.id,
                decision=str(opened.resolved.decision.reason),
            )
        ]
    )


def _around(opened: Opened, page: VersionPage) -> dict[str, Any]:
    """What stands around the text. Hashable values: the frame is kept by them."""
    resolved = opened.resolved
    return {
        "here": asset_path(page.key),
        "changed": what_changed(page.version_id, page.number),
        "why": explain(resolved),
        "passed": tuple(explain_passed(*one) for one in resolved.passed),
        "next": tuple(next_steps(page.asset_id, opened.decisions)),
    }


def _seen_before(user: User, page: VersionPage) -> int | None:
    seen = last_seen(user.pk).get(page.asset_id)
    return seen[0] if seen and seen[0] != page.version_id else None
