"""Months of the record, made before they begin."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone


def make_partitions(*, ahead: int = 2, today: date | None = None) -> list[date]:
    """Make the partitions of this month and of `ahead` months after it. Returns the months made now.

    Rows of such a month that had to go to the default partition are moved. Locks the default partition for the moment a
    month is made; one query per month.
    """
    first = (today or timezone.now().date()).replace(day=1)
    made = []
    for offset in range(ahead + 1):
        years, month = divmod(first.month - 1 + offset, 12)
        start = date(first.year + years, month + 1, 1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT telemetry_make_partition(%s)", [start])
            if cursor.fetchone() == (True,):
                made.append(start)
    return made
