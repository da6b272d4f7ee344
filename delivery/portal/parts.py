"""The body of an asset as one person sees it: markup and checks, in order.

A check in the same state looks the same to everybody, so its form is kept as markup, with a mark where each reader's
own CSRF token goes.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from assets.queries.pages import VersionPage
from delivery.portal.session import last_answers
from delivery.portal.shown import ShownCheck, show_check
from delivery.queries.check_content import contents_of
from telemetry.queries.evidence import CheckEvidence

Evidence = Mapping[int, CheckEvidence]
KEPT_AT_MOST: Final = 4_000  # forms; a few kilobytes each
_PLACE_OF_TOKEN: Final = "0" * 64 + "reader"
_PLACE_OF_BODY: Final = "0" * 64 + "body"
_kept: dict[tuple[object, ...], str] = {}


def parts_of(request: HttpRequest, page: VersionPage, evidence: Evidence) -> list[SafeString]:
    """The body in order. 1 query for the first answered page of a version in a process, else none."""
    kept = last_answers(request.session) if evidence else {}
    token = page_token(request)
    return [
        _check(page, value, evidence, kept, token) if kind == "check" else mark_safe(value)  # noqa: S308  cleaned when saved
        for kind, value in page.segments
    ]


def framed(request: HttpRequest, page: VersionPage, parts: list[SafeString], around: Mapping[str, Any]) -> SafeString:
    """The whole article: the body within its title, facts and ways to answer, which are kept as markup too.

    Args:
        request: whose CSRF token goes into the forms.
        page: the version.
        parts: the body, from `parts_of`.
        around: what _frame.html needs besides; each value must be hashable, for it is a part of the key.
    """
    hour = timezone.localtime().strftime("%Y-%m-%d %H")  # "3 days ago" is right to the hour
    # The asset's own facts may change while the version stays.
    facts = (page.key, page.owner, page.licence, page.source, page.locale)
    place = (page.version_id, page.content_hash, *facts, get_language(), hour, tuple(around.items()))
    html = _kept.get(place)
    if html is None:
        context = {**around, "asset": page, "place_of_body": _PLACE_OF_BODY, "csrf_token": _PLACE_OF_TOKEN}
        html = _keep(place, render_to_string("portal/_frame.html", context))
    head, foot = html.replace(_PLACE_OF_TOKEN, page_token(request)).split(_PLACE_OF_BODY)
    return mark_safe("".join((head, *parts, foot)))  # noqa: S308  escaped by the template, cleaned when saved


def page_token(request: HttpRequest) -> str:
    """The reader's CSRF token, masked once for the whole page."""
    if not hasattr(request, "_token_of_page"):
        request._token_of_page = get_token(request)  # type: ignore[attr-defined]
    token: str = request._token_of_page  # type: ignore[attr-defined]
    return token


def shown_check(session: SessionBase, page: VersionPage, key: str, evidence: Evidence) -> ShownCheck:
    """One check of the page, with what the person answered and earned."""
    return _shown(page, key, evidence, last_answers(session))


def _shown(page: VersionPage, key: str, evidence: Evidence, kept: Mapping[str, Any]) -> ShownCheck:
    check = page.checks[key]
    shown = show_check(
        page.key,
        check,
        evidence.get(check.id),
        content=contents_of(page, evidence).get(check.id),
        last=kept.get(str(check.version_check_id)),
    )
    shown.number, shown.total = list(page.checks).index(key) + 1, len(page.checks)
    return shown


def _check(page: VersionPage, key: str, evidence: Evidence, kept: Mapping[str, Any], token: str) -> SafeString:
    check = page.checks[key]
    mine, last = evidence.get(check.id), kept.get(str(check.version_check_id))
    state = (mine.tries, mine.right, mine.last_right) if mine else None
    place = (
        check.version_check_id,
        check.content_hash,
        page.key,
        get_language(),
        state,
        json.dumps(last) if last else "",
    )
    html = _kept.get(place)
    if html is None:
        context = {"check": _shown(page, key, evidence, kept), "csrf_token": _PLACE_OF_TOKEN}
        html = _keep(place, render_to_string("portal/_check.html", context))
    return mark_safe(html.replace(_PLACE_OF_TOKEN, token))  # noqa: S308  the template escaped it


def _keep(place: tuple[object, ...], html: str) -> str:
    if len(_kept) >= KEPT_AT_MOST:
        _kept.clear()
    _kept[place] = html
    return html
