"""The demo has a past: what is loaded happens at the time it says, not all within ten seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

from people.models import AuditEntry

_AUDIT_TIME = "_get_default"  # where a Django field keeps what fills it


def days_before(now: datetime, days: float) -> datetime:
    """The moment `days` before `now`."""
    return now - timedelta(days=days)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Inside this block it is `moment`, for the actions and for the audit trail that they write.

    Only the demo does this, in a process of its own: actions have no parameter for their own time, because nobody
    but a demo may choose it. The trail's time is the database's; its field is told to hand over the moment instead.
    """
    audit_field = AuditEntry._meta.get_field("at")
    with (
        patch.object(timezone, "now", lambda: moment),
        patch.dict(vars(audit_field), {_AUDIT_TIME: lambda: moment}),
    ):
        yield moment
