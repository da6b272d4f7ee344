"""Who uses the embedded services, and who stops them.

Every user holds a shared `flock` on `users.lock` for as long as it lives; the kernel lets go of it however the
user ends. A guardian process waits for the exclusive lock: it gets it when the last user is gone, stops the
services and ends. So nothing is left behind after a kill -9, and nothing is stopped under anybody's feet.

    users.lock     shared: a user. exclusive: the services are being stopped
    start.lock     exclusive: somebody is starting the services
    guardian.lock  exclusive: the guardian lives
    state.json     ports and passwords, mode 0600
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from learningops.embedded import postgres, redis
from learningops.embedded.place import CHECKOUT, Account, EmbeddedError, Place
from learningops.embedded.processes import wait_until, write_private


@dataclass
class State:
    """Where the services listen and what opens them."""

    postgres_port: int | None = None
    redis_port: int | None = None
    postgres_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    redis_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def database_url(self) -> str:
        """For `DATABASE_URL`."""
        return postgres.url(self.postgres_port or 0, self.postgres_password)

    @property
    def redis_url(self) -> str:
        """For `REDIS_URL`."""
        return redis.url(self.redis_port or 0, self.redis_password)


class Lease:
    """The use of the services of one place, from `take` to `leave` or the end of the process."""

    def __init__(self, place: Place, descriptor: int, state: State) -> None:
        self.place = place
        self.descriptor = descriptor
        self.state = state

    def leave(self) -> None:
        """Stop using the services; when nobody else uses them, stop them, and return when they are stopped."""
        if self.descriptor < 0:
            return
        descriptor, self.descriptor = self.descriptor, -1
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        if _try_lock(descriptor, fcntl.LOCK_EX):
            stop_services(self.place)
        elif not _try_lock(descriptor, fcntl.LOCK_SH):  # others use them, or the guardian was faster:
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # then it is stopping them now; wait until it has
        os.close(descriptor)


def take(place: Place, *, with_postgres: bool = True, with_redis: bool = True) -> Lease:
    """Use the services of `place`, starting what does not run; several processes may do so at once.

    Raises `EmbeddedError` when a service cannot be started.
    """
    users = _open(place, "users.lock")
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _locked(place, "start.lock"):
            _ensure_guardian(place)
            state = _ensure_services(place, with_postgres, with_redis)
    except BaseException:
        os.close(users)
        raise
    return Lease(place, users, state)


def _ensure_services(place: Place, with_postgres: bool, with_redis: bool) -> State:
    state = read_state(place) or State()
    before = asdict(state)
    if not (place.state / "state.json").exists():
        _write_state(place, state)  # the password must not be lost if we are killed after initdb
    if with_postgres and not (
        state.postgres_port and postgres.is_running(place, state.postgres_port, state.postgres_password)
    ):
        state.postgres_port = postgres.start(place, state.postgres_port, state.postgres_password)
    if with_redis and not (state.redis_port and redis.is_running(state.redis_port, state.redis_password)):
        state.redis_port = redis.start(place, state.redis_port, state.redis_password)
    if asdict(state) != before:
        _write_state(place, state)
    return state


def read_state(place: Place) -> State | None:
    """What `state.json` holds; None when the services were never started here."""
    try:
        return State(**json.loads((place.state / "state.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (PermissionError, ValueError, TypeError) as error:
        raise EmbeddedError(f"{place.state / 'state.json'} cannot be used: {error}") from error


def _write_state(place: Place, state: State) -> None:
    write_private(place.state / "state.json", json.dumps(asdict(state)), place.account and _owner_of(place))


def _owner_of(place: Place) -> Account:
    """Files in the state folder belong to whom the folder belongs: root may work in a user's checkout."""
    entry = place.state.stat()
    return Account(entry.st_uid, entry.st_gid)


def stop_services(place: Place) -> None:
    """Stop both services, and forget them when the place is not durable. The caller holds `users.lock` alone."""
    redis.stop(place)
    postgres.stop(place)
    if not place.durable:
        shutil.rmtree(place.data, ignore_errors=True)


def hold_alone(place: Place) -> int:
    """Stop the services and keep everybody out until the returned descriptor is closed.

    Raises `EmbeddedError` while somebody uses them.
    """
    users = _open(place, "users.lock")
    if not _try_lock(users, fcntl.LOCK_EX):
        if _try_lock(users, fcntl.LOCK_SH):
            os.close(users)
            raise EmbeddedError("PostgreSQL and Redis are in use here. Stop `make run` and other commands first.")
        fcntl.flock(users, fcntl.LOCK_EX)  # it is the guardian, which is stopping them
    stop_services(place)
    return users


def guard(place: Place) -> None:
    """Wait until nobody uses the services, stop them, and return. Returns at once when there is a guardian."""
    guardian = _open(place, "guardian.lock")
    if not _try_lock(guardian, fcntl.LOCK_EX):
        return
    users = _open(place, "users.lock")
    fcntl.flock(users, fcntl.LOCK_EX)
    stop_services(place)
    # The guardian's lock goes first: a newcomer that gets users.lock next must see that there is no guardian.
    os.close(guardian)
    os.close(users)


def _ensure_guardian(place: Place) -> None:
    """Start a guardian when there is none. The caller holds `start.lock` and a share of `users.lock`."""
    if _guardian_lives(place):
        return
    arguments = json.dumps(
        {
            "state": str(place.state),
            "data": str(place.data),
            "account": asdict(place.account) if place.account else None,
            "durable": place.durable,
        }
    )
    subprocess.Popen(
        [sys.executable, "-m", "learningops.embedded", arguments],
        cwd=CHECKOUT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ).returncode = 0  # it outlives us; Python need not warn that we do not wait for it
    if not wait_until(lambda: _guardian_lives(place), 30):
        raise EmbeddedError("The process that stops PostgreSQL and Redis after their last user did not start.")


def _guardian_lives(place: Place) -> bool:
    descriptor = _open(place, "guardian.lock")
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _open(place: Place, name: str) -> int:
    path = place.state / name
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if place.account is not None:
        owner = _owner_of(place)
        os.fchown(descriptor, owner.uid, owner.gid)
    return descriptor


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _locked(place: Place, name: str) -> Iterator[None]:
    descriptor = _open(place, name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def place_from_json(text: str) -> Place:
    """The place that `_ensure_guardian` wrote for the guardian."""
    fields = json.loads(text)
    account = Account(**fields["account"]) if fields["account"] else None
    return Place(Path(fields["state"]), Path(fields["data"]), account, fields["durable"])
