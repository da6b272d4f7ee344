"""Every address of the site: who may do what there. tests/test_permissions.py holds the site against it.

To add an address, add an `Address` to `TABLE` under its URL name, namespaces included ("delivery:asset"). Say for each
method who gets through and with which status; everybody else is refused. Methods that are not listed must not work for
anybody. What an address needs to exist is in tests/permission_world.py. The API about content is in permission_api.py.

Admin pages of a model (list, add, change, history, delete) are one line in `ADMIN`.
"""

from typing import Any, Final

from telemetry.models import Statement
from tests.permission_api import API
from tests.permission_entries import (
    AUTHORS,
    EVERYBODY,
    FIGURES,
    IN_ADMIN,
    LEAD,
    LEADS,
    LEARNER,
    MANAGER,
    OPERATOR,
    OPERATORS,
    REVIEWERS,
    SIGNED_IN,
    SUGGESTERS,
    Address,
    AdminPages,
    Call,
    api,
    asset,
    get,
    page,
    person,
    pk_of,
    post,
)
from tests.permission_world import World

SITE: Final = (
    Address(
        "login",
        (
            get(EVERYBODY, other=dict.fromkeys(SIGNED_IN, 302)),
            post(EVERYBODY, 200, other=dict.fromkeys(SIGNED_IN, 302)),
            Call("PUT", EVERYBODY, 200, other=dict.fromkeys(SIGNED_IN, 302)),  # Django takes it for a POST
        ),
    ),
    Address("logout", (post(EVERYBODY),)),
    Address("appearance", (post(EVERYBODY, data=lambda _w: {"theme": "dark"}),)),
)

PEOPLE: Final = (
    api("me", get(SIGNED_IN)),
    api(
        "person-list",
        get(SIGNED_IN),
        Call("POST", OPERATORS, 201, lambda _w: {"username": "nia"}),
    ),
    api(
        "person-detail",
        get(frozenset({LEARNER, MANAGER, OPERATOR}), denied=404),
        Call("PATCH", OPERATORS, 200, lambda _w: {"region": "EMEA"}),
        kwargs=person,
    ),
    api("person-deactivate", Call("POST", OPERATORS), kwargs=person),
    api("person-reactivate", Call("POST", OPERATORS), kwargs=person),
    api("people-import", Call("POST", OPERATORS, 400)),
    api("team-list", get(SIGNED_IN), Call("POST", OPERATORS, 201, lambda _w: {"key": "new", "name": "New"})),
    api(
        "team-detail",
        get(SIGNED_IN),
        Call("PATCH", OPERATORS, 200, lambda _w: {"name": "Money back"}),
        Call("DELETE", OPERATORS, 400),
        kwargs=lambda w: {"key": w.team.key},
    ),
    api(
        "attribute-list",
        get(SIGNED_IN),
        Call("POST", OPERATORS, 201, lambda _w: {"key": "new", "label": "New", "type": "text"}),
    ),
    api(
        "attribute-detail",
        get(SIGNED_IN),
        Call("PATCH", OPERATORS, 200, lambda _w: {"label": "Other"}),
        Call("DELETE", OPERATORS, 204),
        kwargs=lambda w: {"key": w.attribute.key},
    ),
    api(
        "group-list",
        get(OPERATORS),
        Call("POST", OPERATORS, 201, lambda _w: {"name": "Pilots", "capabilities": []}),
    ),
    api(
        "group-detail",
        get(OPERATORS),
        Call("PUT", OPERATORS, 200, lambda _w: {"name": "Learning", "capabilities": ["suggest"]}),
        Call("DELETE", OPERATORS, 400),
        kwargs=lambda w: {"pk": w.people[LEARNER].groups.get().pk},
    ),
    api("token-list", get(SIGNED_IN), Call("POST", SIGNED_IN, 201, lambda _w: {"name": "sync"})),
    api("token-detail", Call("DELETE", OPERATORS, 204, denied=404), kwargs=pk_of("token")),
    api("audit-list", get(OPERATORS)),
    api("audit-detail", get(OPERATORS), kwargs=pk_of("audit_entry")),
    page("admin:people_user_import", get(OPERATORS), post(OPERATORS, 200)),
    page(
        "admin:auth_user_password_change",
        get(OPERATORS),
        post(OPERATORS, 200),
        kwargs=lambda w: {"id": w.people[LEARNER].pk},
    ),
)


def released_statement(world: World) -> dict[str, Any]:
    return {"pk": Statement.objects.filter(release_id=world.release.pk).values_list("id", flat=True)[0]}


TELEMETRY: Final = (
    api("statement-list", get(SIGNED_IN)),
    api("statement-detail", get(frozenset({LEAD, OPERATOR}), denied=404), kwargs=released_statement),  # the lead's own
    api("figures-checks", get(AUTHORS, query="?version=1")),
    api("figures-outcomes", get(FIGURES)),
    api("figures-outcome", get(FIGURES), kwargs=lambda w: {"key": w.outcome.key}),
)

DASHBOARDS: Final = (
    page("dashboards:outcomes", get(FIGURES)),
    page("dashboards:outcome", get(FIGURES), kwargs=lambda w: {"key": w.outcome.key}),
    page("dashboards:team", get(FIGURES), kwargs=pk_of("team", "team_id")),
    page("dashboards:live-outcomes", get(FIGURES, 204)),  # the web process has no streams
)


def check(world: World) -> dict[str, Any]:
    return {"key": world.asset.key, "check": "limit"}


RELEASE_OF: Final = pk_of("release", "release_id")

PORTAL: Final = (
    page("delivery:today", get(SIGNED_IN)),
    page("delivery:search", get(SIGNED_IN, query="?q=refund")),
    page("delivery:pathways", get(SIGNED_IN)),
    page("delivery:pathway", get(SIGNED_IN), kwargs=lambda w: {"key": w.pathway.key}),
    page("delivery:asset", get(SIGNED_IN), kwargs=asset),
    page("delivery:changes", get(SIGNED_IN), kwargs=asset),
    page("delivery:answer", post(SIGNED_IN), kwargs=check),
    page("delivery:useful", post(SIGNED_IN, data=lambda _w: {"useful": "yes"}), kwargs=asset),
    page("delivery:flag", post(SIGNED_IN, data=lambda _w: {"kind": "unclear"}), kwargs=asset),
    page("delivery:suggest", get(SUGGESTERS), post(SUGGESTERS, 422), kwargs=asset),
    page("delivery:practice", get(SIGNED_IN, 302)),
    Address("delivery:beacon", (post(SIGNED_IN, 400),), anonymous=401),  # a script speaks to it
    page("delivery:unsubscribe", get(EVERYBODY, 404), post(EVERYBODY, 404), kwargs=lambda _w: {"token": "forged"}),
)

RELEASES: Final = (
    page("delivery:releases", get(AUTHORS)),
    page(
        "delivery:release-new",
        get(AUTHORS, query="?asset=refunds/partial-refund"),
        post(AUTHORS, 422, query="?asset=refunds/partial-refund"),
    ),
    page("delivery:release", get(AUTHORS), kwargs=RELEASE_OF),
    page("delivery:release-numbers", get(AUTHORS), kwargs=RELEASE_OF),
    page("delivery:release-roll-back", get(AUTHORS), post(AUTHORS), kwargs=RELEASE_OF),
    page("delivery:release-share", post(AUTHORS), kwargs=RELEASE_OF),
    page("delivery:release-switch", post(AUTHORS), kwargs=RELEASE_OF),
)

_AUDIENCE: Final = {"key": "agents", "name": "Agents", "rule": {"all": []}}

TARGETING: Final = (
    api("audience-list", get(AUTHORS), Call("POST", LEADS, 201, lambda _w: _AUDIENCE)),
    api(
        "audience-detail",
        get(AUTHORS),
        Call("PATCH", LEADS, 200, lambda _w: {"name": "Agents"}),
        kwargs=lambda w: {"pk": w.release.flag.audience_id},
    ),
    api("audience-preview", Call("POST", AUTHORS, 200, lambda _w: {"rule": {"all": []}})),
    api("flag-list", get(AUTHORS)),
    api("flag-detail", get(AUTHORS), kwargs=lambda w: {"pk": w.release.flag_id}),
)

CHANNELS: Final = (
    api("channel-list", get(OPERATORS), Call("POST", OPERATORS, 400)),
    api(
        "channel-detail",
        get(OPERATORS),
        Call("PATCH", OPERATORS, 200, lambda _w: {"name": "Mail"}),
        kwargs=lambda w: {"key": w.channel.key},
    ),
    api("channel-secret", Call("PUT", OPERATORS, 400), kwargs=lambda w: {"key": w.channel.key}),
    api("channel-sync", Call("POST", OPERATORS), kwargs=lambda w: {"key": w.channel.key}),
    api("target-list", get(OPERATORS), Call("POST", OPERATORS, 400)),
    api(
        "target-detail",
        get(OPERATORS),
        Call("PATCH", OPERATORS, 200, lambda _w: {"enabled": True}),
        kwargs=pk_of("target"),
    ),
    api("delivery-list", get(OPERATORS)),
    api("delivery-detail", get(OPERATORS), kwargs=pk_of("delivery")),
    api("delivery-send-again", Call("POST", OPERATORS, 400), kwargs=pk_of("delivery")),  # it is on its way
)


LIBRARY: Final = (page("media", get(SIGNED_IN, 404), kwargs=lambda _w: {"sha256": "0" * 64, "name": "panel.png"}),)

_IN_REVIEW: Final = REVIEWERS | {MANAGER}  # who suggested it
SUGGESTION_OF: Final = pk_of("suggestion", "suggestion_id")

REVIEW: Final = (
    page("assets:review", get(REVIEWERS)),
    page("assets:suggestions-yours", get(SIGNED_IN)),
    page("assets:suggestion-preview", post(SIGNED_IN, 200)),
    page("assets:review-flags", get(REVIEWERS), post(REVIEWERS, 422), kwargs=pk_of("asset", "asset_id")),
    page("assets:suggestion", get(_IN_REVIEW), post(_IN_REVIEW, 422), kwargs=SUGGESTION_OF),
    page("assets:suggestion-change", get(frozenset({MANAGER})), post(frozenset({MANAGER}), 422), kwargs=SUGGESTION_OF),
)

ADMINISTRATION: Final = (
    page("admin:index", get(IN_ADMIN), post(IN_ADMIN, 200)),
    page(
        "admin:app_list",
        get(AUTHORS, denied=404),
        post(AUTHORS, 200, denied=404),
        kwargs=lambda _w: {"app_label": "flags"},
    ),
    page("admin:assets_asset_draft", post(AUTHORS, 422), kwargs=pk_of("asset", "asset_id")),
    page("admin:assets_asset_check", post(AUTHORS, 422), kwargs=pk_of("asset", "asset_id")),
    page("admin:assets_asset_compare", get(AUTHORS, query="?from=1&to=2"), kwargs=pk_of("asset", "asset_id")),
)

TABLE: Final[tuple[Address, ...]] = (
    *SITE,
    *PEOPLE,
    *TELEMETRY,
    *DASHBOARDS,
    *PORTAL,
    *RELEASES,
    *TARGETING,
    *CHANNELS,
    *LIBRARY,
    *REVIEW,
    *ADMINISTRATION,
    *API,
)


ADMIN: Final[dict[str, AdminPages]] = {
    "people_user": AdminPages(lambda w: w.people[LEARNER], add=OPERATORS, change=OPERATORS),
    # The team has people and the group has members: nobody deletes those.
    "people_team": AdminPages(lambda w: w.team, add=OPERATORS, change=OPERATORS),
    "auth_group": AdminPages(lambda w: w.people[LEARNER].groups.get(), add=OPERATORS, change=OPERATORS),
    "people_attributedefinition": AdminPages(lambda w: w.attribute, add=OPERATORS, change=OPERATORS, delete=OPERATORS),
    "people_apitoken": AdminPages(lambda w: w.token, add=OPERATORS),
    "people_auditentry": AdminPages(lambda w: w.audit_entry),
    "assets_asset": AdminPages(lambda w: w.asset, see=AUTHORS, add=AUTHORS, change=AUTHORS),
    "assets_collection": AdminPages(lambda w: w.collection, see=AUTHORS, add=LEADS, change=LEADS),
    "assets_framework": AdminPages(lambda w: w.framework, see=AUTHORS, add=LEADS, change=LEADS),
    "assets_outcome": AdminPages(lambda w: w.outcome, see=AUTHORS, add=AUTHORS, change=AUTHORS),
    "flags_audience": AdminPages(lambda w: w.release.flag.audience, see=AUTHORS),
    "flags_flag": AdminPages(lambda w: w.release.flag, see=AUTHORS),
    "delivery_channel": AdminPages(lambda w: w.channel, add=OPERATORS, change=OPERATORS),
    "delivery_target": AdminPages(lambda w: w.target, add=OPERATORS, change=OPERATORS),
    "delivery_delivery": AdminPages(lambda w: w.delivery),
}

# Addresses that the table leaves out, with the reason.
LEFT_OUT: Final[dict[str, str]] = {
    "healthz": "open to everybody; its answer depends on what runs (tests/test_commands.py)",
    "schema": "open to everybody (tests/api/test_schema.py)",
    "admin:jsi18n": "words for Django's scripts, the same for everyone",
    "admin:view_on_site": "leads on to a page that asks for itself",
    "admin:autocomplete": "asks the permissions of the model it looks in",
    "admin:password_change": "Django's own page for one's own password",
    "admin:password_change_done": "says that it was changed",
    "admin:login": "the sign-in page again",
    "admin:logout": "the same as logout",
}
