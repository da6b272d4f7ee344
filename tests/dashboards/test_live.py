"""The page moves by itself: the stream of the live process, who gets it, and the browser that looks at it."""

import asyncio
import functools
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from assets.models import Version
from dashboards.live.hub import Hub
from people.models import User
from tests.dashboards.conftest import answer, signed_in
from tests.harness.stack import Stack
from tests.harness.waiting import wait_until

PATIENCE = 20_000  # ms
T = TypeVar("T")


def cookie_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def open_stream(stack: Stack, client: Client | None, origin: str = "") -> Any:
    request = urllib.request.Request(stack.live_url + "/live/outcomes/")
    if client is not None:
        request.add_header("Cookie", f"sessionid={cookie_of(client)}")
    if origin:
        request.add_header("Origin", origin)
    return urllib.request.build_opener(_NoRedirect).open(request, timeout=20)


def run(function: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run it in an event loop of its own: this thread has Playwright's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(function())).result(60)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def events(response: Any) -> Iterator[str]:
    for line in response:
        if line.startswith(b"event: "):
            yield line.decode().removeprefix("event: ").strip()


@pytest.mark.django_db(transaction=True)
class TestStream:
    def test_says_that_figures_of_my_teams_moved_and_no_more(
        self, live_stack: Stack, manager: Client, released: Version, alice: User
    ) -> None:
        with open_stream(live_stack, manager, live_stack.url) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            assert response.headers["Access-Control-Allow-Origin"] == live_stack.url
            assert response.headers["Access-Control-Allow-Credentials"] == "true"
            found = events(response)
            assert next(found) == "open"
            assert next(found) == "moved", "whatever happened before it listened"
            answer(released, alice)
            assert next(found) == "moved"
            assert response.readline() == b"data:\n", "an event carries nothing"

    def test_other_origins_may_not_read_it(self, live_stack: Stack, manager: Client) -> None:
        with open_stream(live_stack, manager, "https://elsewhere.example") as response:
            assert "Access-Control-Allow-Origin" not in response.headers

    def test_nobody_and_learners_get_none(self, live_stack: Stack, alice: User) -> None:
        for client, status in ((None, 302), (signed_in(alice, "Learners"), 403)):
            with pytest.raises(urllib.error.HTTPError) as refused:
                open_stream(live_stack, client)
            assert refused.value.code == status
            refused.value.close()

    def test_an_open_stream_holds_no_connection_of_the_database(
        self, live_stack: Stack, manager: Client, released: Version
    ) -> None:
        def connections() -> int:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
                    "pg_backend_pid() AND query LIKE %s",
                    ["LISTEN learningops_rollup%"],
                )
                return int(cursor.fetchone()[0])

        streams = [open_stream(live_stack, manager) for _ in range(5)]
        try:
            for stream in streams:
                assert next(events(stream)) == "open"
            wait_until(lambda: connections() == 1, what="one connection listens for five streams")
        finally:
            for stream in streams:
                stream.close()


def test_the_web_process_has_no_stream(manager: Client) -> None:
    assert manager.get("/live/outcomes/").status_code == 204


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("live_stack")
class TestPage:
    @pytest.fixture(autouse=True)
    def _signed_in(self, page: Page, manager: Client, live_stack: Stack, alice: User, bob: User) -> None:
        page.context.add_cookies([{"name": "sessionid", "value": cookie_of(manager), "url": live_stack.url}])

    def test_a_new_answer_arrives_without_reload(self, page: Page, released: Version, alice: User, bob: User) -> None:
        answer(released, alice, right=False)
        page.goto("/outcomes/")
        figure = page.locator("[data-cell=map]", has_text="Refunds, issue")
        expect(figure).to_contain_text("0/2")
        page.evaluate("window.isTheSamePage = true")
        page.get_by_text("What “able” means").click()
        figure.focus()
        answer(released, bob)
        expect(figure).to_contain_text("1/2", timeout=PATIENCE)
        expect(page.locator("[data-live-status]")).to_contain_text("1/2 not able yet. Refunds, issue", timeout=PATIENCE)
        expect(figure).to_be_focused()
        assert page.evaluate("window.isTheSamePage")

    def test_the_other_pages_move_too(self, page: Page, released: Version, alice: User) -> None:
        page.goto(f"/teams/{alice.team_id}/")
        row = page.locator("#outcome-table tbody tr", has_text="issue")
        expect(row).to_contain_text("Not reached")
        answer(released, alice)
        expect(row).to_contain_text("1/2", timeout=PATIENCE)
        page.goto("/outcomes/refunds.issue/")
        row = page.locator("#team-table tbody tr", has_text="Refunds")
        expect(page.locator("#checks-list")).to_contain_text("right of 1")
        answer(released, alice, right=False)
        expect(row.locator("[data-label=Able]")).to_have_text("0", timeout=PATIENCE)

    def test_it_asks_again_and_again_where_there_is_no_stream(self, page: Page, released: Version, alice: User) -> None:
        page.route("**/live/outcomes/", lambda route: route.abort())
        page.goto("/outcomes/")
        figure = page.locator("[data-cell=map]", has_text="Refunds, issue")
        expect(figure).to_contain_text("0/2")
        answer(released, alice)
        expect(figure).to_contain_text("1/2", timeout=PATIENCE)


class TestHub:
    @pytest.mark.parametrize(
        ("payload", "woken"),
        [
            ('{"teams": [1, 9]}', [True, False]),
            ('{"teams": []}', [False, False]),
            ('{"many": true}', [True, True]),
            ("", [True, True]),
            ("not json", [True, True]),
            ("[1]", [True, True]),
        ],
    )
    def test_wakes_those_whose_teams_moved(
        self, monkeypatch: pytest.MonkeyPatch, payload: str, woken: list[bool]
    ) -> None:
        async def listen() -> list[bool]:
            hub = Hub()
            monkeypatch.setattr(hub, "_listen", lambda: None)  # no database: only who is told what
            with hub.waiting(frozenset({1, 2})) as mine, hub.waiting(frozenset({3})) as theirs:
                await asyncio.to_thread(hub.tell, payload)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                return [mine.moved.is_set(), theirs.moved.is_set()]

        assert run(listen) == woken

    @pytest.mark.django_db(transaction=True)
    def test_the_thread_ends_when_nobody_waits(self) -> None:
        async def look(hub: Hub) -> None:
            with hub.waiting(frozenset({1})) as waiter:
                await asyncio.wait_for(waiter.moved.wait(), 20)  # it listens
                assert not hub.is_full

        def listening() -> bool:
            return any(thread.name == "live" for thread in threading.enumerate())

        hub = Hub()
        run(functools.partial(look, hub))
        wait_until(lambda: not listening(), what="the thread ends")
        run(functools.partial(look, hub))
        wait_until(lambda: not listening(), what="the thread ends again")
