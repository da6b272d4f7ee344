"""The part of the permission table under /api/v1/ that is about content: library, review, releases, the portal."""

from typing import Any, Final

from tests.permission_entries import (
    AUTHORS,
    FIGURES,
    LEADS,
    LEARNER,
    MANAGER,
    OPERATOR,
    REVIEWERS,
    SIGNED_IN,
    SUGGESTERS,
    Address,
    Call,
    api,
    asset,
    get,
    pk_of,
)
from tests.permission_world import World


def _release(world: World) -> dict[str, Any]:
    return {"version": world.newer.pk, "rule": {"all": []}, "percentage_hundredths": 10_000}


def _suggestion(world: World) -> dict[str, Any]:
    return {"asset": world.asset.key, "title": "Shorter", "text": "Open the order.\n"}


_IN_REVIEW: Final = REVIEWERS | {MANAGER}  # who suggested it
_FLAGGING: Final = REVIEWERS | {LEARNER}  # who flagged it
_SUGGESTION: Final = pk_of("suggestion")
_RELEASE: Final = pk_of("release")

PORTAL: Final[tuple[Address, ...]] = (
    api("api-today", get(SIGNED_IN)),
    api("api-search", get(SIGNED_IN, query="?q=refund")),
    api("open-asset", get(SIGNED_IN), kwargs=asset),
    api("answers", Call("POST", SIGNED_IN, 400)),
    api("decisions", get(SIGNED_IN)),
)

RELEASES: Final[tuple[Address, ...]] = (
    # An author releases to some, and to everybody only a lead.
    api("release-list", get(AUTHORS), Call("POST", LEADS, 201, _release)),
    api("release-detail", get(AUTHORS), kwargs=_RELEASE),
    api("release-roll-back", Call("POST", AUTHORS), kwargs=_RELEASE),
    api("release-share", Call("POST", AUTHORS, data=lambda _w: {"percentage_hundredths": 500}), kwargs=_RELEASE),
    api("release-switch", Call("POST", AUTHORS, data=lambda _w: {"killed": True}), kwargs=_RELEASE),
)

REVIEW: Final[tuple[Address, ...]] = (
    api("suggestion-list", get(SIGNED_IN), Call("POST", SUGGESTERS, 201, _suggestion)),
    api("suggestion-text", get(SUGGESTERS, query="?asset=refunds/partial-refund")),
    api(
        "suggestion-detail",
        get(_IN_REVIEW),
        Call("PATCH", frozenset({MANAGER}), 400),
        kwargs=_SUGGESTION,
    ),
    api("suggestion-accept", Call("POST", REVIEWERS, 409), kwargs=_SUGGESTION),  # the draft changed the same words
    api("suggestion-decline", Call("POST", REVIEWERS, 400), kwargs=_SUGGESTION),
    api("suggestion-ask", Call("POST", REVIEWERS, 400), kwargs=_SUGGESTION),
    api("suggestion-comments", Call("POST", _IN_REVIEW, 400), kwargs=_SUGGESTION),
    api("suggestion-withdraw", Call("POST", frozenset({MANAGER})), kwargs=_SUGGESTION),
    api(
        "review-flag-list",
        get(SIGNED_IN),
        Call("POST", SIGNED_IN, 201, lambda w: {"asset": w.asset.key, "kind": "unclear"}),
    ),
    api("review-flag-detail", get(_FLAGGING, denied=404), kwargs=pk_of("review_flag")),
    api("review-flag-close", Call("POST", REVIEWERS, 400), kwargs=pk_of("review_flag")),
)

_VERSION: Final = pk_of("version")

LIBRARY: Final[tuple[Address, ...]] = (
    api(
        "api-asset-list",
        get(AUTHORS),
        Call(
            "POST",
            AUTHORS,
            201,
            lambda w: {"collection": w.collection.key, "key": "refunds/new", "kind": "guide", "title": "New"},
        ),
    ),
    api("api-asset-detail", get(AUTHORS), Call("PATCH", AUTHORS, data=lambda _w: {"retired": True}), kwargs=asset),
    api("draft", get(REVIEWERS), Call("PUT", AUTHORS, 400), kwargs=asset),
    api("where-used", get(REVIEWERS), kwargs=asset),
    # Who gets through is told that a file comes as a form.
    api("api-media", get(REVIEWERS), Call("POST", AUTHORS, 415), kwargs=asset),
    api("api-compare", get(REVIEWERS, query="?from=1&to=2"), kwargs=asset),
    api("content-import", Call("POST", LEADS, 415)),
    api("version-list", get(SIGNED_IN), Call("POST", AUTHORS, 200, lambda w: {"asset": w.asset.key})),
    api("version-detail", get(REVIEWERS, denied=404), kwargs=_VERSION),
    api("version-findings", get(REVIEWERS, denied=404), kwargs=_VERSION),
    api(
        "version-waivers",
        Call(
            "POST",
            LEADS,
            201,
            lambda _w: {"gate": "reading-level", "reason": "A quoted contract."},
            other=dict.fromkeys((LEARNER, MANAGER, OPERATOR), 404),
        ),
        kwargs=_VERSION,
    ),
    api("collection-list", get(AUTHORS), Call("POST", LEADS, 201, lambda _w: {"key": "sales", "name": "Sales"})),
    api(
        "collection-detail",
        get(AUTHORS),
        Call("PATCH", LEADS, data=lambda _w: {"name": "Desk"}),
        kwargs=lambda w: {"key": w.collection.key},
    ),
    api("framework-list", get(FIGURES), Call("POST", LEADS, 201, lambda _w: {"key": "sales", "name": "Sales"})),
    api(
        "framework-detail",
        get(FIGURES),
        Call("PATCH", LEADS, data=lambda _w: {"name": "Desk"}),
        kwargs=lambda w: {"key": w.framework.key},
    ),
    api(
        "outcome-list",
        get(FIGURES),
        Call(
            "POST",
            AUTHORS,
            201,
            lambda w: {"key": "refunds.decline", "framework": w.framework.key, "statement": "Decline a refund"},
        ),
    ),
    api(
        "outcome-detail",
        get(FIGURES),
        Call("PATCH", AUTHORS, data=lambda _w: {"statement": "Issue a partial refund"}),
        kwargs=lambda w: {"key": w.outcome.key},
    ),
)

API: Final[tuple[Address, ...]] = (*PORTAL, *RELEASES, *REVIEW, *LIBRARY)
