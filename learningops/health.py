"""`/healthz`: is every part up? For load balancers, Docker and `make run`."""

import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import redis
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learningops import heartbeat

T = TypeVar("T")
PATIENCE = 1.0  # seconds for each part; a part that hangs is a part that is down


@functools.cache
def _threads() -> ThreadPoolExecutor:
    """Where the parts are asked, so that one that hangs cannot hold the answer up."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="healthz")


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "does not answer; see DATABASE_URL"
    finally:
        connection.close()
    return "ok"


def _queue() -> tuple[str, str]:
    try:
        beating = heartbeat.is_beating()
    except redis.RedisError:
        return "does not answer; see REDIS_URL", "unknown while Redis is down"
    return "ok", "ok" if beating else f"no worker has reported for {heartbeat.LIFETIME} seconds"


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when web, database, Redis and a worker are up, else 503; each part says how it is. One query."""
    database, queue = _threads().submit(_database), _threads().submit(_queue)
    redis_state, worker = _result(queue, lambda: ("does not answer in time", "unknown while Redis is down"))
    parts = {
        "web": "ok",
        "database": _result(database, lambda: "does not answer in time"),
        "redis": redis_state,
        "worker": worker,
    }
    healthy = all(state == "ok" for state in parts.values())
    response = JsonResponse(parts, status=200 if healthy else 503)
    response._has_been_logged = True  # type: ignore[attr-defined] # who asks every second need not fill the log
    return response


def _result(future: Future[T], otherwise: Callable[[], T]) -> T:
    try:
        return future.result(timeout=PATIENCE)
    except TimeoutError:
        return otherwise()
