"""Every address × every role × every method, held against tests/permission_table.py; and no unearned right answer.

The world is built once for the module; each call runs in a savepoint that is undone.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import ROLES
from tests.permission_entries import ANONYMOUS, IN_ADMIN, LEAD, OPERATOR, SEE_ANSWERS, Address, Call
from tests.permission_table import ADMIN, LEFT_OUT, TABLE
from tests.permission_world import SENTINELS, World, build_world

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ADMIN_PAGES = ("changelist", "add", "history", "delete", "change")
# Names that Django and we give to what leads somewhere else.
UNNAMED_ADMIN = "admin:?"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sessions(world: World, django_db_blocker: Any) -> dict[str, str]:
    """The session key of each role."""
    keys = {}
    with django_db_blocker.unblock():
        for role in ROLES:
            client = Client()
            client.force_login(world.people[role])
            keys[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return keys


@pytest.fixture
def clients(sessions: dict[str, str]) -> dict[str, Client]:
    """A signed-in client for each role, and one for nobody. New for each test: signing out empties one."""
    made = {ANONYMOUS: Client(raise_request_exception=False)}
    for role, key in sessions.items():
        made[role] = Client(raise_request_exception=False)
        made[role].cookies[settings.SESSION_COOKIE_NAME] = key
    return made


@pytest.fixture
def undone(world: World, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def ask(client: Client, path: str, call: Call, world: World) -> HttpResponse:
    """Send the call, and undo what it did."""
    data = dict(call.data(world))
    json = {"content_type": "application/json"} if path.startswith("/api/") else {}
    with transaction.atomic():
        try:
            if call.method == "GET":
                response = client.get(path + call.query, data)
            else:
                response = getattr(client, call.method.lower())(path + call.query, data or None, **json)
            if hasattr(response, "streaming_content") and response.streaming:
                response.close()
        finally:
            transaction.set_rollback(True)
    return response


def hold_answers_back(role: str, response: HttpResponse) -> None:
    """Invariant 12: no response holds a right answer that its reader may not see."""
    if role in SEE_ANSWERS or response.streaming:
        return
    text = response.content.decode(errors="replace")
    assert not [word for word in SENTINELS if word in text], f"{role} is shown a right answer or its feedback"


def expected(address: Address, call: Call, role: str) -> int:
    if role in call.other:
        return call.other[role]
    if role in call.may:
        return call.status
    if address.name.startswith("admin:") and role not in IN_ADMIN:
        return 302
    return address.anonymous if role == ANONYMOUS else call.denied


@pytest.mark.parametrize("address", TABLE, ids=lambda address: address.name)
@pytest.mark.usefixtures("undone")
def test_who_gets_through(address: Address, world: World, clients: dict[str, Client]) -> None:
    path = reverse(address.name, kwargs=dict(address.kwargs(world)))
    found, wanted = {}, {}
    for call in address.calls:
        for role, client in clients.items():
            response = ask(client, path, call, world)
            found[call.method, role] = response.status_code
            wanted[call.method, role] = expected(address, call, role)
            hold_answers_back(role, response)
    listed = {call.method for call in address.calls}
    if address.name.startswith("admin:"):
        listed |= {"PUT", "PATCH", "DELETE"}  # Django's admin answers them as it does a GET
    for method in (m for m in METHODS if m not in listed):
        for role in (LEAD, OPERATOR):  # who may do most
            status = ask(clients[role], path, Call(method, frozenset()), world).status_code
            found[method, role] = "works" if status < 300 or status >= 500 else "refused"
            wanted[method, role] = "refused"
    differences = {key: (found[key], wanted[key]) for key in found if found[key] != wanted[key]}
    assert not differences, f"{path} (found, wanted): {differences}"


@pytest.mark.parametrize("model", sorted(ADMIN))
@pytest.mark.usefixtures("undone")
def test_who_gets_into_the_admin_pages(model: str, world: World, clients: dict[str, Client]) -> None:
    pages = ADMIN[model]
    row = pages.row(world)
    wrong = {}
    for name in ADMIN_PAGES:
        may = {"add": pages.add, "delete": pages.delete}.get(name, pages.see)
        path = reverse(f"admin:{model}_{name}", args=[] if name in {"changelist", "add"} else [row.pk])
        for role, client in clients.items():
            refused = 403 if role in IN_ADMIN else 302
            response = ask(client, path, Call("GET", may), world)
            hold_answers_back(role, response)
            wanted = 200 if role in may else refused
            if response.status_code != wanted:
                wrong[name, role] = (response.status_code, wanted)
            if name == "change" and role not in pages.change:
                status = ask(client, path, Call("POST", frozenset()), world).status_code
                if status != refused:
                    wrong["POST change", role] = (status, refused)
    assert not wrong, f"{model} (found, wanted): {wrong}"


def names(patterns: list[URLPattern | URLResolver], namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The full name of every address below `patterns`; "?" and the route for one without a name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from names(pattern.url_patterns, inner)
        else:
            yield ":".join((*namespaces, pattern.name or f"?{pattern.pattern}"))


def test_every_address_is_in_the_table() -> None:
    listed = [address.name for address in TABLE]
    assert len(listed) == len(set(listed)), "An address stands in the table twice."
    known = {*listed, *LEFT_OUT}
    known |= {f"admin:{model}_{page}" for model in ADMIN for page in ADMIN_PAGES}
    every = set(names(get_resolver().url_patterns))
    missing = sorted(name for name in every if name not in known and not name.startswith(UNNAMED_ADMIN))
    assert not missing, f"Add these to tests/permission_table.py: {missing}"
    gone = sorted(known - every - {"look"})
    assert not gone, f"These are in tests/permission_table.py and nowhere else: {gone}"


def test_every_admin_page_is_in_the_table() -> None:
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert registered == set(ADMIN)


@pytest.mark.usefixtures("undone")
def test_the_sentinels_can_be_found(world: World, clients: dict[str, Client]) -> None:
    """Invariant 12 is tested by looking for them; here they are where they may be seen."""
    page = clients[LEAD].get(reverse("admin:assets_asset_change", args=[world.asset.pk])).content.decode()
    assert not [word for word in SENTINELS if word not in page]


@pytest.mark.usefixtures("undone")
@pytest.mark.parametrize("word", SENTINELS)
def test_searching_for_an_answer_finds_nothing(word: str, world: World, clients: dict[str, Client]) -> None:
    """A hit would say that the word is in there, even if the page does not show it."""
    client = clients["learner"]
    hit = client.get(reverse("delivery:search"), {"q": "refund"}).content.decode()
    miss = client.get(reverse("delivery:search"), {"q": word}).content.decode()
    assert reverse("delivery:asset", args=[world.asset.key]) in hit
    assert reverse("delivery:asset", args=[world.asset.key]) not in miss
