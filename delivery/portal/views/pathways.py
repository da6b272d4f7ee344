"""Pathways: an ordered list of assets, with one's own progress."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assets.queries.pages import version_page
from delivery.portal.parts import parts_of
from delivery.portal.views.asset import closed, note_view
from delivery.queries.explain import explain
from delivery.queries.opened import find_open
from delivery.queries.pathway import walk_of, walks
from people.policies import signed_in


@require_safe
@login_required
def pathway_list(request: HttpRequest) -> HttpResponse:
    """The pathways that are open to the person, those in progress first."""
    found = sorted(walks(signed_in(request)), key=lambda walk: (walk.at is None, not walk.started, walk.title))
    return render(request, "portal/pathways.html", {"walks": found})


@require_safe
@login_required
def pathway(request: HttpRequest, key: str) -> HttpResponse:
    """One pathway: its steps that the person can open, and where they are."""
    user = signed_in(request)
    opened = find_open(user, key)
    walk = walk_of(user, opened.asset_id) if opened else None
    if opened is None or walk is None:
        return closed(request)
    if opened.key != key:
        return redirect("delivery:pathway", opened.key, permanent=True)
    page = version_page(opened.resolved.version_id)
    note_view(user, page, opened)
    context = {
        "asset": page,
        "walk": walk,
        "parts": parts_of(request, page, {}),
        "why": lambda: explain(opened.resolved),
    }
    return render(request, "portal/pathway.html", context)
