"""Real processes of the product, for tests that need a worker, a relay or a web server."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


class Process:
    """One running program; its output goes to `log`. It has a process group of its own, to reach its children."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The first process's id, which is also its group's."""
        return self._popen.pid

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._popen.poll() is None

    def assert_running(self) -> None:
        """Raise with the end of its output when it has ended."""
        if not self.is_running():
            raise AssertionError(f"{self.name} ended ({self._popen.returncode}):\n{self.output()[-4000:]}")

    def output(self) -> str:
        """Everything it has said."""
        return self.log.read_text(errors="replace")

    def stop(self, patience: float = 15) -> None:
        """SIGTERM, and SIGKILL to the whole group after `patience` seconds."""
        if self.is_running():
            self._popen.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(patience)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to it and its children, all at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()


def worker_command(concurrency: int = 2) -> list[str]:
    """A Celery worker as the Procfile starts it."""
    options = ["--without-gossip", "--without-mingle", "--loglevel", "info", "--concurrency", str(concurrency)]
    return [str(BIN / "celery"), "--quiet", "--app", "learningops", "worker", *options]


def relay_command() -> list[str]:
    """The relay; it sweeps more often than in production, so that tests need not wait a minute."""
    return [sys.executable, "manage.py", "relay", "--sweep-every", "2"]


def web_command(port: int) -> list[str]:
    """The web process as the Procfile starts it."""
    options = ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4", "--no-ws"]
    return [str(BIN / "granian"), "--interface", "wsgi", *options, "learningops.wsgi:application"]


def live_command(port: int) -> list[str]:
    """The live process as the Procfile starts it."""
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-ws", "--workers-kill-timeout", "1"]
    return [str(BIN / "granian"), "--interface", "asginl", *options, "learningops.asgi:application"]
