"""The product's real processes on one xdist process's own database, beside other people's fake servers."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings

from learningops import heartbeat
from learningops.embedded.processes import free_port
from tests.harness.fake_slack import FakeSlack
from tests.harness.processes import Process, live_command, relay_command, web_command, worker_command
from tests.harness.run import Run, redis_client
from tests.harness.smtp_sink import SmtpSink
from tests.harness.trouble import Script
from tests.harness.waiting import wait_until
from tests.harness.webhook_sink import WebhookSink

WEBHOOK_SECRET = "whsec_" + "c2VjcmV0LWZvci10ZXN0cy1vbmx5" * 2


@dataclass
class Others:
    """Other people's servers."""

    smtp: SmtpSink
    slack: FakeSlack
    webhooks: WebhookSink

    @classmethod
    def start(cls) -> Self:
        """Open their sockets."""
        return cls(SmtpSink().start(), FakeSlack().start(), WebhookSink(WEBHOOK_SECRET).start())

    def reset(self) -> None:
        """Forget what they were sent and told."""
        for server in (self.smtp, self.slack, self.webhooks):
            server.script, server.delay = Script(), 0.0
        self.smtp.messages.clear()
        self.smtp.rcpt_script = Script()
        for http in (self.slack, self.webhooks):
            http.requests.clear()
        self.slack.messages.clear()
        self.slack.calls.clear()
        self.slack.missing.clear()
        self.webhooks.events.clear()

    def stop(self) -> None:
        """Close their sockets."""
        for server in (self.smtp, self.slack, self.webhooks):
            server.stop()


class Stack:
    """Starts each process when it is first asked for, again when a test has killed it, and stops them at the end."""

    def __init__(self, run: Run, others: Others) -> None:
        self.run, self.others = run, others
        self.web_port, self.live_port = free_port(), free_port()
        self.folder = run.folder / run.worker
        self.folder.mkdir(exist_ok=True)
        self._processes: dict[str, Process] = {}

    @property
    def url(self) -> str:
        """Where the web process answers."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def live_url(self) -> str:
        """Where the live process answers."""
        return f"http://127.0.0.1:{self.live_port}"

    def environment(self) -> dict[str, str]:
        """What a process of this stack gets, and nothing else of the machine's."""
        return {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "HOME": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            "CELERY_SKIP_CHECKS": "1",
            "DJANGO_SETTINGS_MODULE": "learningops.settings",
            "LEARNINGOPS_DEV": "1",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": self.run.database_url,
            "REDIS_URL": self.run.redis_url(),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.others.smtp.port),
            "SLACK_API_URL": self.others.slack.api_url,
            "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": self.url,
            "LIVE_URL": self.live_url,
            "STATIC_ROOT": str(self.run.folder / "static"),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        }

    def begin_test(self) -> None:
        """Forget what an earlier test left in the queue, in the processes' cache, and with the others."""
        self.others.reset()
        client = redis_client(self.run.redis_url())
        with client:
            left = ["celery", *client.scan_iter("learningops:1:*", count=1000)]
            client.delete(*left)

    def start_all(self) -> None:
        """Start web, live, worker and relay at once, then wait until each is ready."""
        self._ensure_worker()
        self._ensure("live", live_command(self.live_port))
        self.relay()
        self.web()
        self.live()
        self.worker()

    def worker(self) -> Process:
        """A Celery worker that has reported."""
        process = self._ensure_worker()
        with redis_client(self.run.redis_url()) as client:
            self._wait(process, lambda: bool(client.exists(heartbeat.KEY)))
        return process

    def _ensure_worker(self) -> Process:
        running = self._processes.get("worker")
        if running is None or not running.is_running():
            with redis_client(self.run.redis_url()) as client:
                client.delete(heartbeat.KEY)  # of one that was killed: it is believed for a while
        return self._ensure("worker", worker_command())

    def relay(self) -> Process:
        """The relay. It needs no readiness: what is due waits for it."""
        return self._ensure("relay", relay_command())

    def web(self) -> Process:
        """The web process, answering."""
        self._gather_static()
        process = self._ensure("web", web_command(self.web_port))
        self._wait(process, lambda: _answers(self.url + "/healthz"))
        return process

    def live(self) -> Process:
        """The live process, answering."""
        self._gather_static()  # its error pages name the style sheets too
        process = self._ensure("live", live_command(self.live_port))
        self._wait(process, lambda: _answers(self.live_url + "/healthz"))
        return process

    def start(self, name: str, command: list[str], **environment: str) -> Process:
        """One more process, which the caller stops; `environment` is added to the stack's."""
        return Process(name, command, self.environment() | environment, self.folder / f"{name}.log")

    def stop(self) -> None:
        """Stop everything."""
        for process in self._processes.values():
            process.stop()

    def _ensure(self, name: str, command: list[str]) -> Process:
        process = self._processes.get(name)
        if process is None or not process.is_running():
            process = self._processes[name] = self.start(name, command)
        return process

    def _wait(self, process: Process, is_ready: Callable[[], bool]) -> None:
        def look() -> bool:
            process.assert_running()
            return is_ready()

        try:
            wait_until(look, 60)
        except AssertionError as error:
            raise AssertionError(f"{process.name} is not ready: {error}\n{process.output()[-4000:]}") from error

    def _gather_static(self) -> None:
        """Once per run, with the hashed names of production."""
        with self.run.locked("static"):
            if (self.run.folder / "static" / "staticfiles.json").exists():
                return
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
            process = self.start("collectstatic", command)
            wait_until(lambda: not process.is_running(), 120, "collectstatic")


def _answers(url: str) -> bool:
    """Whether anything answers, healthy or not."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
