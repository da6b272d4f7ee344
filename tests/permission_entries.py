"""The words of the permission table: roles, calls, addresses. The table is in tests/permission_table.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.permission_world import World

ANONYMOUS: Final = "anonymous"
LEARNER, SME, AUTHOR, LEAD, MANAGER, OPERATOR = "learner", "sme", "author", "lead", "manager", "operator"
SIGNED_IN: Final = frozenset({LEARNER, SME, AUTHOR, LEAD, MANAGER, OPERATOR})
EVERYBODY: Final = SIGNED_IN | {ANONYMOUS}
AUTHORS: Final = frozenset({AUTHOR, LEAD})
REVIEWERS: Final = frozenset({SME, AUTHOR, LEAD})
SUGGESTERS: Final = frozenset({SME, AUTHOR, LEAD, MANAGER})  # where the collection keeps learners out
LEADS: Final = frozenset({LEAD})
FIGURES: Final = frozenset({AUTHOR, LEAD, MANAGER})
OPERATORS: Final = frozenset({OPERATOR})
NOBODY: Final[frozenset[str]] = frozenset()

# Who has pages in the admin; everybody else is led to its sign-in page.
IN_ADMIN: Final = frozenset({AUTHOR, LEAD, OPERATOR})

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


@dataclass(frozen=True)
class AdminPages:
    """The pages of one model in the admin: who may see, add, change and delete there. `row`: one of them."""

    row: Callable[[World], Any]
    see: frozenset[str] = OPERATORS
    add: frozenset[str] = NOBODY
    change: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY
