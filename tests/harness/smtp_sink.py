"""A mail server on a loopback socket that keeps what it accepts."""

import asyncio
import email
import email.policy
import socket
import threading
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.harness.trouble import How, Script


class SmtpSink:
    """`messages` holds what was accepted, in order; `script` what goes wrong at the final dot, `rcpt_script` at RCPT.

    `delay` (seconds) is how long the server thinks before it answers the final dot.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.script = Script()
        self.rcpt_script = Script()
        self.delay = 0.0
        self.in_flight = 0
        self._lock = threading.Lock()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> "SmtpSink":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def to(self, address: str) -> list[EmailMessage]:
        """The accepted messages to one address."""
        with self._lock:
            return [message for message in self.messages if message["To"] == address]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        trouble = self.rcpt_script.next()
        if trouble is not None:
            return f"{trouble.status} {trouble.error}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.in_flight += 1
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            trouble = self.script.next()
            if trouble is not None and trouble.how is How.ANSWER:
                return f"{trouble.status} {trouble.error}"
            if trouble is None or trouble.how is How.DONE_THEN_CLOSE:
                self._keep(envelope.content)
            if trouble is not None:
                server.transport.abort()
            return "250 OK"
        finally:
            self.in_flight -= 1

    def _keep(self, content: bytes) -> None:
        message = email.message_from_bytes(content, policy=email.policy.default)
        with self._lock:
            self.messages.append(message)
