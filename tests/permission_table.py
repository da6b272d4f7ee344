"""Every address of the site: who may do what there. tests/test_permissions.py holds the site against it.

To add an address, add an `Address` to `TABLE` under its URL name, namespaces included ("delivery:asset"). Say for each
method who gets through and with which status; everybody else is refused. Methods that are not listed must not work for
anybody. What an address needs to exist is in tests/permission_world.py.

Admin pages of a model (list, add, change, history, delete) are one line in `ADMIN`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from telemetry.models import Statement
from tests.permission_world import World

ANONYMOUS: Final = "anonymous"
LEARNER, SME, AUTHOR, LEAD, MANAGER, OPERATOR = "learner", "sme", "author", "lead", "manager", "operator"
SIGNED_IN: Final = frozenset({LEARNER, SME, AUTHOR, LEAD, MANAGER, OPERATOR})
EVERYBODY: Final = SIGNED_IN | {ANONYMOUS}
AUTHORS: Final = frozenset({AUTHOR, LEAD})
REVIEWERS: Final = frozenset({SME, AUTHOR, LEAD})
LEADS: Final = frozenset({LEAD})
FIGURES: Final = frozenset({AUTHOR, LEAD, MANAGER})
OPERATORS: Final = frozenset({OPERATOR})
NOBODY: Final[frozenset[str]] = frozenset()

# Who may see right answers without having earned them (DESIGN); nobody else's responses may hold a sentinel.
SEE_ANSWERS: Final = frozenset({SME, AUTHOR, LEAD})

Given = Callable[[World], Mapping[str, Any]]


def _nothing(_world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Call:
    """One method at one address.

    Args:
        method: "GET", "POST", …
        may: roles that get through.
        status: what they get.
        data: what is sent, from the world; a dict is form data, or JSON under /api/.
        denied: what signed-in others get. 404 where even the existence is hidden.
        other: roles that get yet another status.
        query: query string, with its question mark.
    """

    method: str
    may: frozenset[str]
    status: int = 200
    data: Given = _nothing
    denied: int = 403
    other: Mapping[str, int] = field(default_factory=dict)
    query: str = ""


def get(may: frozenset[str], status: int = 200, **more: Any) -> Call:
    """A GET; HEAD and OPTIONS go with it."""
    return Call("GET", may, status, **more)


def post(may: frozenset[str], status: int = 302, **more: Any) -> Call:
    """A POST of a form."""
    return Call("POST", may, status, **more)


@dataclass(frozen=True)
class Address:
    """One URL name. `anonymous`: what nobody in particular gets: 302 to the sign-in page, or 401 from the API."""

    name: str
    calls: tuple[Call, ...]
    kwargs: Given = _nothing
    anonymous: int = 302


def page(name: str, *calls: Call, kwargs: Given = _nothing) -> Address:
    """A page for people."""
    return Address(name, calls, kwargs)


def api(name: str, *calls: Call, kwargs: Given = _nothing) -> Address:
    """An address under /api/v1/."""
    return Address(name, calls, kwargs, anonymous=401)


def asset(world: World) -> dict[str, Any]:
    return {"key": world.asset.key}


def person(world: World) -> dict[str, Any]:
    return {"username": world.people[LEARNER].username}


def pk_of(name: str, argument: str = "pk") -> Given:
    """`{argument: primary key of world.<name>}`; `name` may also be a key of `world.extra`."""

    def kwargs(world: World) -> dict[str, Any]:
        row = world.extra[name] if name in world.extra else getattr(world, name)
        return {argument: row.pk}

    return kwargs


SITE: Final = (
    Address("healthz", (get(EVERYBODY, query="?only=web"),)),
    Address(
        "login",
        (
            get(EVERYBODY, other=dict.fromkeys(SIGNED_IN, 302)),
            post(EVERYBODY, 200, other=dict.fromkeys(SIGNED_IN, 302)),
        ),
    ),
    Address("logout", (post(EVERYBODY),)),
    Address("appearance", (post(EVERYBODY, data=lambda _w: {"theme": "dark"}),)),
    Address("schema", (get(EVERYBODY),)),
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

TABLE: Final[tuple[Address, ...]] = (*SITE, *PEOPLE, *TELEMETRY)


@dataclass(frozen=True)
class AdminPages:
    """The pages of one model in the admin: who may see, add, change and delete there. `row`: one of them."""

    row: Callable[[World], Any]
    see: frozenset[str] = OPERATORS
    add: frozenset[str] = NOBODY
    change: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY


# Everybody else is led to the sign-in page of the admin.
IN_ADMIN: Final = frozenset({AUTHOR, LEAD, OPERATOR})

ADMIN: Final[dict[str, AdminPages]] = {
    "people_user": AdminPages(lambda w: w.people[LEARNER], add=OPERATORS, change=OPERATORS),
    # The team has people and the group has members: nobody deletes those.
    "people_team": AdminPages(lambda w: w.team, add=OPERATORS, change=OPERATORS),
    "auth_group": AdminPages(lambda w: w.people[LEARNER].groups.get(), add=OPERATORS, change=OPERATORS),
    "people_attributedefinition": AdminPages(lambda w: w.attribute, add=OPERATORS, change=OPERATORS, delete=OPERATORS),
    "people_apitoken": AdminPages(lambda w: w.token, add=OPERATORS),
    "people_auditentry": AdminPages(lambda w: w.audit_entry),
}

# Addresses that the table leaves out, with the reason.
LEFT_OUT: Final[dict[str, str]] = {
    "admin:jsi18n": "words for Django's scripts, the same for everyone",
    "admin:view_on_site": "leads on to a page that asks for itself",
    "admin:autocomplete": "asks the permissions of the model it looks in",
    "admin:password_change": "Django's own page for one's own password",
    "admin:password_change_done": "says that it was changed",
    "admin:login": "the sign-in page again",
    "admin:logout": "the same as logout",
}
