"""How the rest of the house knows that a queue worker lives: a key in Redis that it refreshes.

A worker that hangs stops refreshing. Asking it instead (`inspect ping`) would broadcast on every look.
"""

import functools

import redis
from django.conf import settings

KEY = "learningops:worker"
LIFETIME = 20  # seconds; Celery's own heartbeat comes every 2


@functools.cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def beat(**_signal: object) -> None:
    """Say that this worker lives. Called by Celery's `heartbeat_sent` and `worker_ready`; never raises."""
    try:
        _client(settings.REDIS_URL).set(KEY, "1", ex=LIFETIME)
    except redis.RedisError:
        return  # Celery itself reports and repairs a lost connection


def rest(**_signal: object) -> None:
    """Say at once that this worker goes. Called by Celery's `worker_shutdown`; another worker's beat sets it again."""
    try:
        _client(settings.REDIS_URL).delete(KEY)
    except redis.RedisError:
        return


def is_beating() -> bool:
    """Whether any worker has reported within `LIFETIME` seconds. Raises `redis.RedisError` within a second."""
    return bool(_client(settings.REDIS_URL).exists(KEY))
