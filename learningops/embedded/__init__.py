"""PostgreSQL and Redis for a checkout where none is configured (docs/adr/0001-embedded-services.md).

Entry points (`manage.py`, `make run`, the tests) call `use_embedded`; importing settings never starts anything.
"""

import os

from learningops.embedded.lease import Lease, take
from learningops.embedded.place import EmbeddedError, Place, checkout_place, temporary_place

__all__ = ["EmbeddedError", "Lease", "Place", "checkout_place", "take", "temporary_place", "use_embedded"]


def use_embedded() -> Lease | None:
    """Start what `DATABASE_URL` and `REDIS_URL` do not name, and put its address into the environment.

    Without `DATABASE_URL` this is a development checkout: unless `LEARNINGOPS_DEMO` or a `SECRET_KEY` says
    otherwise, settings are told so, with a secret key of this checkout's own. Returns the lease, to be left at
    the end; None when both are configured. Raises `EmbeddedError`.
    """
    with_postgres, with_redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if not (with_postgres or with_redis):
        return None
    lease = take(checkout_place(), with_postgres=with_postgres, with_redis=with_redis)
    if with_postgres:
        os.environ["DATABASE_URL"] = lease.state.database_url
        if not os.environ.get("SECRET_KEY"):
            os.environ["SECRET_KEY"] = lease.state.secret_key
            os.environ.setdefault("LEARNINGOPS_DEV", "1")
    if with_redis:
        os.environ["REDIS_URL"] = lease.state.redis_url
    return lease
