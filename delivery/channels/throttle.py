"""How often one place may be called: a bound that all workers share, kept in Redis.

Celery's `rate_limit` counts per worker, so it bounds nothing (facts). A generic cell rate algorithm: one key per
place holds when the next call may start. A delivery that must wait keeps its turn, so waiting ones do not jostle.
Without Redis the bound is kept per process: sending goes on.
"""

import logging
import time
from functools import cache
from typing import Final

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

PREFIX: Final = "learningops:throttle:"
KEEP: Final = 3600  # seconds that a turn is remembered

# KEYS: place, turn of this delivery. ARGV: interval, seconds a turn is kept. Times are Redis's own, in microseconds.
_TAKE: Final = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local turn = tonumber(redis.call('GET', KEYS[2]))
if not turn then
  turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
  redis.call('SET', KEYS[1], string.format('%.0f', turn + tonumber(ARGV[1])), 'PX', 3600000)
end
if turn <= now then
  redis.call('DEL', KEYS[2])
  return '0'
end
redis.call('SET', KEYS[2], string.format('%.0f', turn), 'EX', ARGV[2])
return string.format('%.0f', turn - now)
"""
_PAUSE: Final = """
local now = redis.call('TIME')
now = now[1] * 1000000 + now[2]
local till = math.max(now + tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or 0))
redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', 3600000)
return '1'
"""
_local: dict[str, float] = {}


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def seconds_to_wait(place: str, ticket: str, per_second: float) -> float:
    """Ask to call a place now.

    Args:
        place: what the bound is for, "slack:3:C024BE91L".
        ticket: who asks, "delivery:17"; keeps its turn until it is used.
        per_second: calls a second.

    Returns 0.0 when the call may be made now, else seconds to wait before asking again.
    """
    interval = 1.0 / per_second
    try:
        microseconds = _redis().eval(_TAKE, 2, PREFIX + place, f"{PREFIX}{place}:{ticket}", int(interval * 1e6), KEEP)
        return float(microseconds) / 1e6
    except redis.RedisError:
        logger.warning("Redis is away; the bound of %s is kept by this process alone.", place)
        return _wait_locally(place, interval)


def pause(place: str, seconds: float) -> None:
    """Nobody calls the place for so long: it asked for that (`Retry-After`)."""
    try:
        _redis().eval(_PAUSE, 1, PREFIX + place, int(seconds * 1e6))
    except redis.RedisError:
        _local[place] = time.monotonic() + seconds


def _wait_locally(place: str, interval: float) -> float:
    now = time.monotonic()
    free_at = _local.get(place, 0.0)
    if free_at > now:
        return free_at - now
    _local[place] = now + interval
    return 0.0
