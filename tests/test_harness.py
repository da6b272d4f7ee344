"""The real processes of the harness are real. Its fake servers are tried by the tests of the channels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.harness.processes import Process, worker_command
from tests.harness.stack import Stack
from tests.harness.waiting import wait_until


@pytest.mark.django_db(transaction=True)
def test_everything_runs(live_stack: Stack, page: Page) -> None:
    response = page.goto("/healthz")
    assert response is not None
    assert (response.status, response.json()) == (
        200,
        {"web": "ok", "database": "ok", "redis": "ok", "worker": "ok"},
    )


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_missed_and_started_again(stack: Stack) -> None:
    worker = stack.worker()
    worker.kill()
    assert not worker.is_running()
    assert stack.worker().is_running()


@pytest.mark.django_db(transaction=True)
def test_a_process_of_ones_own(start_process: Callable[..., Process]) -> None:
    process = start_process("another-worker", worker_command(concurrency=1))
    wait_until(lambda: "ready" in process.output(), 60, "the worker")


def test_waiting_in_vain_says_for_what() -> None:
    with pytest.raises(AssertionError, match=r"0\.1 s in vain for rain"):
        wait_until(lambda: False, 0.1, "rain")
