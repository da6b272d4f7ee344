"""Django's Redis cache with one client per pool: making a client anew costs more than the look-up it is for."""

from typing import Any

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient


class KeptClient(RedisCacheClient):
    """Keeps what `get_client` makes. A `redis.Redis` over a pool may be shared: each command takes a connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any | None = None, *, write: bool = False) -> Any:
        """The client of the pool for that key and kind of command."""
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class RedisCache(DjangoRedisCache):
    """The cache of this project; see settings.CACHES."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
