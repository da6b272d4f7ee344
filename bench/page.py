"""The signed-in asset page against an empty Django view: the same server, one worker, requests per second."""

import os
import statistics
import subprocess
import sys
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from bench.measure import Figure, noise
from learningops.demo.load import load_demo
from learningops.embedded.processes import free_port
from people.models import User
from tests.harness.processes import BIN, Process
from tests.harness.run import Run
from tests.harness.stack import Others, Stack
from tests.harness.waiting import wait_until

CONNECTIONS, SECONDS, ROUNDS, THREADS = 8, 3.0, 7, 4
PAGE = "/a/identity/verify-a-caller/"


def measure(run: Run) -> list[Figure]:
    """The demo's guide on verifying a caller, as a learner sees it."""
    load_demo()
    others = Others.start()
    stack = Stack(run, others)
    try:
        stack.web()
        # A browser brings its CSRF cookie from the second page on.
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_key_of('learner')}; {settings.CSRF_COOKIE_NAME}={'a' * 32}"
        port = free_port()
        empty = stack.start("empty", server("bench.empty:application", port))
        ours_port = free_port()
        ours = stack.start("ours", server("learningops.wsgi:application", ours_port))
        _wait_for(empty, port, "/", "")
        _wait_for(ours, ours_port, PAGE, cookie)
        mine, theirs = [], []
        for _round in range(ROUNDS):
            mine.append(load(ours_port, PAGE, cookie, SECONDS))
            theirs.append(load(port, "/", "", SECONDS))
        empty.stop()
        ours.stop()
    finally:
        stack.stop()
        others.stop()
    return [
        Figure(
            "page", statistics.median(mine), statistics.median(theirs), "requests/s", None, noise(mine),
            f"{PAGE} signed in, granian WSGI, one worker, {THREADS} threads, {CONNECTIONS} connections; at least 0.06",
        )
    ]  # fmt: skip


def server(application: str, port: int) -> list[str]:
    """The web server as the Procfile starts it, threads included."""
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        str(THREADS),
        "--no-ws",
    ]
    return [str(BIN / "granian"), "--interface", "wsgi", *options, "--log-level", "warning", application]


def load(port: int, path: str, cookie: str, seconds: float) -> float:
    """Requests per second, counted by a process of its own."""
    command = [sys.executable, "-m", "bench.loader", "127.0.0.1", str(port), path, cookie, str(CONNECTIONS)]
    done = subprocess.run([*command, str(seconds)], capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        raise AssertionError(f"{path}: {done.stderr.strip()[-2000:]}")
    return float(done.stdout)


def session_key_of(username: str) -> str:
    """A session in which that person is signed in."""
    user = User.objects.get(username=username)
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _wait_for(process: Process, port: int, path: str, cookie: str) -> None:
    def answers() -> bool:
        process.assert_running()
        try:
            return load(port, path, cookie, 0.5) > 0
        except AssertionError as error:
            if "200" in str(error) or "answered" in str(error):
                raise
            return False

    wait_until(answers, 60)
