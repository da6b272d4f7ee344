"""What every test can ask for. Nothing here needs a service of the machine's, and nothing starts before a test asks.

db, transactional_db   pytest-django's, on this run's own PostgreSQL (tests/harness/run.py)
demo_database          the demo organisation instead of an empty database
smtp_sink, fake_slack, webhook_sink   other people's servers on loopback sockets, scriptable
worker, relay          real processes on this database; what they see must be committed
live_stack             web, live, worker and relay; `browser` and `page` look at it
start_process          a process of the test's own, for example one to be killed
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness import chromium
from tests.harness.fake_slack import FakeSlack
from tests.harness.processes import Process
from tests.harness.run import DEMO, RUN_VARIABLE, Run, begin_run, end_run
from tests.harness.smtp_sink import SmtpSink
from tests.harness.stack import Others, Stack
from tests.harness.webhook_sink import WebhookSink

ROOMS = ("people", "assets", "flags", "telemetry", "delivery", "dashboards")

_folder: pytest.StashKey[Any] = pytest.StashKey()
_run: pytest.StashKey[Run] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the xdist controller, or the only process
        config.stash[_folder] = begin_run()
    config.stash[_run] = Run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _run in config.stash:
        config.stash[_run].end()
    if _folder in config.stash:
        end_run(config.stash[_folder])
        os.environ.pop(RUN_VARIABLE, None)


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """This process's view of the test services."""
    return request.config.stash[_run]


@pytest.fixture(scope="session")
def django_db_setup(run: Run, django_db_blocker: Any) -> Iterator[None]:
    """A clone of the migrated template instead of a migration per process.

    A test that commits (`transaction=True`) is followed by a new clone, where Django would empty every table:
    that would lose the rows of data migrations, and our triggers refuse it.
    """
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock():
        run.ensure()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: _start_over(run))
        yield
        patch.undo()


def _start_over(run: Run) -> None:
    """A new clone, whose ids begin again: what this process keeps by id is of another database."""
    run.reset()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ROOMS:
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
            for kept in (getattr(module, keeper, None) for keeper in ("_kept", "_noted", "_versions")):
                if isinstance(kept, dict):
                    kept.clear()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test finds what another one cached."""
    yield
    if "django_db_setup" in request.fixturenames:
        caches["default"].clear()


@pytest.fixture
def demo_database(run: Run, transactional_db: None) -> None:
    """The demo organisation with its content; loaded once per run, cloned for each test that asks."""
    run.reset(DEMO)


@pytest.fixture(scope="session")
def _others() -> Iterator[Others]:
    others = Others.start()
    yield others
    others.stop()


@pytest.fixture
def smtp_sink(_others: Others, settings: Any) -> SmtpSink:
    """A mail server; mail of this process and of `worker` arrives in its `messages`."""
    _others.reset()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _others.smtp.port
    return _others.smtp


@pytest.fixture
def fake_slack(_others: Others, settings: Any) -> FakeSlack:
    """Slack's Web API; this process and `worker` call it."""
    _others.reset()
    settings.SLACK_API_URL = _others.slack.api_url
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    return _others.slack


@pytest.fixture
def webhook_sink(_others: Others, settings: Any) -> WebhookSink:
    """A receiver of webhooks; this process and `worker` may call it."""
    _others.reset()
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    return _others.webhooks


@pytest.fixture(scope="session")
def _stack(run: Run, django_db_setup: None, _others: Others) -> Iterator[Stack]:
    stack = Stack(run, _others)
    yield stack
    stack.stop()


@pytest.fixture
def stack(_stack: Stack, transactional_db: None) -> Stack:
    """This process's real processes, none started yet; the queue is empty."""
    _stack.begin_test()
    return _stack


@pytest.fixture
def worker(stack: Stack) -> Process:
    """A real Celery worker."""
    return stack.worker()


@pytest.fixture
def relay(stack: Stack) -> Process:
    """A real relay."""
    return stack.relay()


@pytest.fixture
def live_stack(stack: Stack) -> Stack:
    """Everything that production runs but beat: `.url`, `.live_url`, `.others.smtp`, `.slack`, `.webhooks`."""
    stack.start_all()
    return stack


@pytest.fixture
def start_process(stack: Stack) -> Iterator[Callable[..., Process]]:
    """`start_process(name, command, VARIABLE=value)`: a process that is killed at the end of the test."""
    started: list[Process] = []

    def start(name: str, command: list[str], **environment: str) -> Process:
        started.append(stack.start(name, command, **environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium. Fails with what to do when there is none."""
    try:
        program = chromium.find()
    except SystemExit as error:
        pytest.fail(str(error))
    if program is None:
        pytest.fail(chromium.HOW)
    home = tmp_path_factory.mktemp("chromium")
    # Playwright runs an event loop in this thread; Django would then refuse the test's own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TZ": "UTC"},
        )
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def page(browser: Browser, live_stack: Stack) -> Iterator[Page]:
    """A fresh browser page of a person who is not signed in; `page.goto("/")` is the live stack's."""
    context = browser.new_context(base_url=live_stack.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    yield page
    context.close()
