"""Waiting for a condition instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], timeout: float = 30, what: str = "") -> T:
    """Look every 50 ms until `condition()` is true, and return its value.

    Raises `AssertionError` after `timeout` seconds, naming `what` was waited for.
    """
    end = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"Waited {timeout} s in vain for {what or condition}.")
        time.sleep(0.05)
    return value
