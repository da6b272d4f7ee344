"""`make run`: everything on this machine, from nothing to a page, and back to nothing on Ctrl-C.

Starts PostgreSQL and Redis when none is configured, migrates, loads the demo on the first start, gathers static
files, runs the Procfile under honcho, and says where the page is when `/healthz` answers 200.
"""

import contextlib
import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import FrameType

import django
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from learningops.embedded import EmbeddedError, Lease, use_embedded
from learningops.embedded.place import CHECKOUT

RUN_VARIABLE = "LEARNINGOPS_RUN"  # marks every process of one run, so that none is left behind
DEMO_PEOPLE = ("author", "sme", "manager", "learner", "operator")
STOP_PATIENCE = 15.0  # seconds for honcho to stop its processes, which are killed after 5 of them
START_PATIENCE = 120.0


class Stopped(Exception):
    """Ctrl-C or SIGTERM arrived."""


def main() -> int:
    """Run until a signal or the end of a process; return the exit status."""
    with _signals_raise():
        lease: Lease | None = None
        try:
            port, live_port = _ports()
            _environment(port, live_port)
            lease = use_embedded()
            _prepare()
            return _serve(port, lease)
        except Stopped:
            return 0
        except (EmbeddedError, ImproperlyConfigured, RuntimeError) as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            with _signals_ignored():
                if lease is not None:
                    lease.leave()


@contextlib.contextmanager
def _signals_raise() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    yield


@contextlib.contextmanager
def _signals_ignored() -> Iterator[None]:
    """A second Ctrl-C must not cut the tidying short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield


def _ports() -> tuple[int, int]:
    """PORT (default 8000) and LIVE_PORT (default PORT + 1). Raises `RuntimeError` when one is taken or no number."""
    try:
        port = int(os.environ.get("PORT") or 8000)
        live_port = int(os.environ.get("LIVE_PORT") or port + 1)
    except ValueError as error:
        raise RuntimeError(f"PORT and LIVE_PORT must be numbers: {error}") from error
    for number, name in ((port, "PORT"), (live_port, "LIVE_PORT")):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except (OSError, OverflowError) as error:
                raise RuntimeError(
                    f"Port {number} of 127.0.0.1 cannot be used ({error}). Choose another one: make run {name}=8100"
                ) from error
    return port, live_port


def _environment(port: int, live_port: int) -> None:
    """What settings and the Procfile read. What is set already stays as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learningops.settings")
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("LIVE_URL", f"http://127.0.0.1:{live_port}")
    os.environ.setdefault("WORKER_SHUTDOWN_SECONDS", "3")  # honcho kills what has not ended after 5
    os.environ |= {
        "WEB_PORT": str(port),
        "LIVE_PORT": str(live_port),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",  # `make lint` makes them; they cost seconds at each start
        "PYTHONWARNINGS": "ignore:You're running the worker",  # as root; this is one machine's own demo
        RUN_VARIABLE: secrets.token_hex(8),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }


def _prepare() -> None:
    """Bring the database and the static files to the code's state; quick when they are."""
    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Migrating the database …", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    if os.environ.get("LEARNINGOPS_DEMO") and "load_demo" in get_commands() and not _has_people():
        print("Loading the demo …", flush=True)
        call_command("load_demo")
    _collect_static()
    connections.close_all()


def _has_people() -> bool:
    """Whether anybody is in the database: then it is in use, and the demo stays out of it."""
    return get_user_model()._default_manager.exists()


def _collect_static() -> None:
    """Gather static files when any of them changed since the last time."""
    stamp = CHECKOUT / "var" / "static.stamp"
    digest = sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            entry = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{entry.st_mtime_ns}\0{entry.st_size}\n".encode())
    gathered = (CHECKOUT / "staticfiles" / "staticfiles.json").exists() and stamp.exists()
    if gathered and stamp.read_text() == digest.hexdigest():
        return
    print("Gathering static files …", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest.hexdigest())


def _serve(port: int, lease: Lease | None) -> int:
    """Run the Procfile until a signal comes or one of its processes ends."""
    parent = os.getppid()
    honcho = subprocess.Popen(
        [sys.executable, "-m", "honcho", "start", "-f", str(CHECKOUT / "Procfile"), "-e", os.devnull],
        cwd=CHECKOUT,
        start_new_session=True,  # a Ctrl-C is for us; we tell honcho, once
        preexec_fn=_end_with_parent,
        # Its processes hold our lease too: PostgreSQL stays while any of them is still ending.
        pass_fds=[lease.descriptor] if lease else [],
    )
    try:
        # In the background (`make run &`) make ignores SIGINT from the start: then this says nothing.
        watched = not _make_was_stopped(parent)
        _announce(port, honcho)
        status = None
        while status is None:
            if watched and _make_was_stopped(parent):
                return 0
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = honcho.wait(0.5)
        print(f"A process ended ({status}), so everything was stopped. What it said is above.", file=sys.stderr)
        return 1
    finally:
        with _signals_ignored():
            _stop(honcho)


def _make_was_stopped(parent: int) -> bool:
    """Whether the `make` that started us was killed, or got a SIGINT that the terminal did not send to us as well.

    GNU make then only waits for us; it shows by no longer catching SIGINT (Linux only).
    """
    try:
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{parent}/status").read_text().splitlines() if ":\t" in line
        )
    except OSError:
        return False
    interrupted = not int(status["SigCgt"], 16) & (1 << (signal.SIGINT - 1))
    return status["Name"] in {"make", "gmake"} and interrupted


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM to honcho when we die without a chance to (Linux; elsewhere nothing happens)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _announce(port: int, honcho: subprocess.Popen[bytes]) -> None:
    """Print the address when every part is up; say which is not when that takes too long."""
    address, parts = f"http://127.0.0.1:{port}", "no answer yet"
    end = time.monotonic() + START_PATIENCE
    while honcho.poll() is None:
        healthy, parts = _health(f"{address}/healthz", parts)
        if healthy:
            print(f"\n  LearningOps is on {os.environ['PUBLIC_URL']}", flush=True)
            if os.environ.get("LEARNINGOPS_DEMO"):
                print(f"  Sign in as {', '.join(DEMO_PEOPLE)}; the password is “demo”.", flush=True)
            print("  Ctrl-C stops everything.\n", flush=True)
            return
        if time.monotonic() > end:
            print(f"Not everything is up after {START_PATIENCE:.0f} s: {parts}", file=sys.stderr)
            return
        time.sleep(0.1)


def _health(address: str, before: str) -> tuple[bool, str]:
    """Whether `/healthz` says 200, and what it said."""
    try:
        with urllib.request.urlopen(address, timeout=3) as response:
            return response.status == 200, before
    except urllib.error.HTTPError as error:
        return False, json.dumps(json.loads(error.read() or "{}")) if error.code == 503 else f"status {error.code}"
    except (OSError, ValueError):
        return False, before


def _stop(honcho: subprocess.Popen[bytes]) -> None:
    """Stop honcho and its processes, and whatever is left of them when honcho was killed."""
    if honcho.poll() is None:
        honcho.send_signal(signal.SIGTERM)
        try:
            honcho.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            honcho.kill()
            honcho.wait()
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = _left_behind()
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        end = time.monotonic() + 5
        while left and _left_behind() and time.monotonic() < end:
            time.sleep(0.05)


def _left_behind() -> list[int]:
    """Other processes of this run, known by the mark in their environment (Linux only)."""
    mark = f"{RUN_VARIABLE}={os.environ[RUN_VARIABLE]}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
