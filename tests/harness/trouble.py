"""What a fake server is told to do wrong, once each, in order."""

import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    ANSWER = "answer"  # give `status` instead of doing it
    CLOSE = "close"  # read the request, then break the connection without doing it
    DONE_THEN_CLOSE = "done_then_close"  # do it, then break the connection without an answer


@dataclass(frozen=True)
class Trouble:
    """One thing that goes wrong. `status` is an HTTP or SMTP code; `error` a Slack error code or an SMTP text."""

    how: How
    status: int = 0
    error: str = ""
    retry_after: int | None = None


class Script:
    """The troubles a server still has to make. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._troubles: deque[Trouble] = deque()

    def add(self, *troubles: Trouble) -> None:
        with self._lock:
            self._troubles.extend(troubles)

    def next(self) -> Trouble | None:
        with self._lock:
            return self._troubles.popleft() if self._troubles else None
