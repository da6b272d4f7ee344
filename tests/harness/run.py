"""One test run's own PostgreSQL and Redis, shared by all xdist processes, started when first needed.

template_base   migrated once per run
test_<worker>   a clone for each xdist process; after a test that commits, it is cloned again
template_demo   template_base plus the demo organisation, made when a test first asks for it
"""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from learningops.embedded import Lease, postgres, redis, take, temporary_place
from learningops.embedded.lease import place_from_json

RUN_VARIABLE = "LEARNINGOPS_TEST_RUN"  # the run's folder; xdist processes inherit it
BASE, DEMO = "template_base", "template_demo"


def begin_run() -> Path:
    """Make the run's folder and tell the processes that are started from here."""
    folder = Path(tempfile.mkdtemp(prefix="learningops-test-"))
    os.environ[RUN_VARIABLE] = str(folder)
    return folder


class Run:
    """The test services as one process sees them. Nothing starts before `ensure`."""

    def __init__(self) -> None:
        self.folder = Path(os.environ[RUN_VARIABLE])
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        self.number = int(self.worker.removeprefix("gw"))
        self.database = f"test_{self.worker}"
        self._lease: Lease | None = None

    @cached_property
    def lease(self) -> Lease:
        """The use of this run's services; starts them when no other process has."""
        with self.locked("place"):
            mark = self.folder / "place.json"
            if not mark.exists():
                place = temporary_place(self.folder / "services")
                fields = asdict(place) | {"state": str(place.state), "data": str(place.data)}
                mark.write_text(json.dumps(fields))
        self._lease = take(place_from_json(mark.read_text()))
        return self._lease

    @property
    def database_url(self) -> str:
        """This process's database, for `DATABASE_URL`."""
        state = self.lease.state
        return postgres.url(state.postgres_port or 0, state.postgres_password, self.database)

    def redis_url(self, offset: int = 0) -> str:
        """This process's Redis database: 0 for queues, 32 for the cache (which is emptied after each test)."""
        state = self.lease.state
        return redis.url(state.redis_port or 0, state.redis_password, (self.number + offset) % 64)

    def ensure(self) -> None:
        """Start the services, clone this process's database, and point Django at both."""
        self._make_template()
        self.reset()
        self._configure(self.database)

    def reset(self, template: str = BASE) -> None:
        """Make this process's database anew from `template`; whoever was connected is disconnected."""
        if template == DEMO:
            self._make_demo_template()
        connections.close_all()
        self._sql(
            f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)",
            f"CREATE DATABASE {self.database} TEMPLATE {template} STRATEGY FILE_COPY",
        )

    def _make_template(self) -> None:
        with self.locked("template"):
            if (self.folder / BASE).exists():
                return
            self._sql(f"DROP DATABASE IF EXISTS {BASE}", f"CREATE DATABASE {BASE}")
            with self._at(BASE):
                call_command("migrate", verbosity=0, interactive=False)
            self._sql(f"ALTER DATABASE {BASE} ALLOW_CONNECTIONS false")
            (self.folder / BASE).touch()

    def _make_demo_template(self) -> None:
        with self.locked("template"):
            if (self.folder / DEMO).exists():
                return
            self._sql(f"DROP DATABASE IF EXISTS {DEMO}", f"CREATE DATABASE {DEMO} TEMPLATE {BASE}")
            with self._at(DEMO), override_settings(DEMO=True):
                call_command("load_demo", verbosity=0)
            self._sql(f"ALTER DATABASE {DEMO} ALLOW_CONNECTIONS false")
            (self.folder / DEMO).touch()

    @contextlib.contextmanager
    def _at(self, database: str) -> Iterator[None]:
        """Django works on `database` inside this block."""
        self._configure(database)
        try:
            yield
        finally:
            connections.close_all()
            self._configure(self.database)

    def _configure(self, database: str) -> None:
        """Change the addresses in place: Django has built its connections from these dictionaries already."""
        state = self.lease.state
        connections.close_all()
        connections.settings["default"].update(
            HOST="127.0.0.1",
            PORT=state.postgres_port,
            USER=postgres.ROLE,
            PASSWORD=state.postgres_password,
            NAME=database,
            OPTIONS={"sslmode": "disable", "gssencmode": "disable"},
        )
        settings.DATABASE_URL = postgres.url(state.postgres_port or 0, state.postgres_password, database)
        settings.REDIS_URL = settings.CELERY_BROKER_URL = self.redis_url()
        settings.CACHES["default"]["LOCATION"] = self.redis_url(32)
        with contextlib.suppress(AttributeError):
            del caches["default"]  # built for the old address, when an app has looked at it
        os.environ |= {"DATABASE_URL": settings.DATABASE_URL, "REDIS_URL": settings.REDIS_URL}

    def _sql(self, *statements: str) -> None:
        state = self.lease.state
        connection = postgres.connect(state.postgres_port or 0, state.postgres_password, "postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        except psycopg2.Error as error:
            raise AssertionError(f"The test database could not be prepared: {error}") from error
        finally:
            connection.close()

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Only one process of the run is inside at a time."""
        with (self.folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def end(self) -> None:
        """Stop using the services; the last process stops them."""
        connections.close_all()
        if self._lease is not None:
            self._lease.leave()


def end_run(folder: Path) -> None:
    """Remove the run's folder, after every process of the run has left."""
    shutil.rmtree(folder, ignore_errors=True)


def redis_client(url: str) -> Any:
    """A redis-py client for `url`."""
    import redis as redis_py  # the name above is our own module

    return redis_py.Redis.from_url(url)
