"""What every test can ask for. Nothing here needs a service of the machine's.

`db` and `transactional_db` are pytest-django's, on this run's own PostgreSQL (tests/harness/run.py).
"""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import TransactionTestCase

from tests.harness.run import RUN_VARIABLE, Run, begin_run, end_run
from tests.harness.waiting import wait_until

__all__ = ["wait_until"]


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


_folder: pytest.StashKey = pytest.StashKey()
_run: pytest.StashKey[Run] = pytest.StashKey()


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """This process's view of the test services."""
    return request.config.stash[_run]


@pytest.fixture(scope="session")
def django_db_setup(run: Run, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A clone of the migrated template instead of a migration per process.

    A test that commits (`transaction=True`) is followed by a new clone, where Django would empty every table:
    that would lose the rows of data migrations, and our triggers refuse it.
    """
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock():
        run.ensure()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: run.reset())
        yield
        patch.undo()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test finds what another one cached."""
    yield
    if "django_db_setup" in request.fixturenames:
        caches["default"].clear()
