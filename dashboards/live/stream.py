"""The stream of one reader: "moved" when figures of their teams did, and a sign of life in between."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from dashboards.live.hub import HUB

HEARTBEAT: Final = 15.0  # seconds; proxies close what is silent for a minute
AT_MOST: Final = 300.0  # seconds of one stream: the browser comes again, and is asked again who it is
GAP: Final = 1.0  # seconds between two events: figures that move faster are told together
_OPENING: Final = "retry: 2000\nevent: open\ndata:\n\n"
_MOVED: Final = "event: moved\ndata:\n\n"
_ALIVE: Final = ": \n\n"


async def moves(teams: frozenset[int]) -> AsyncIterator[str]:
    """Events in the text/event-stream format of the HTML standard, for at most `AT_MOST` seconds.

    An event carries no figure and names no team: the reader asks for the page's parts, and gets what they may see.
    """
    end = time.monotonic() + AT_MOST
    with HUB.waiting(teams) as waiter:
        yield _OPENING
        while (left := end - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(waiter.moved.wait(), min(HEARTBEAT, left))
            except TimeoutError:
                yield _ALIVE
                continue
            waiter.moved.clear()
            yield _MOVED
            await asyncio.sleep(GAP)
