"""Telemetry's work in the background. Tasks hold no rules; beat calls them (telemetry.apps names how often)."""

from celery import shared_task

from telemetry.actions.audit_trail import follow_audit_trail
from telemetry.actions.partitions import make_partitions

_ROUNDS = 20  # a run is bounded: at most 10,000 entries, then the next run goes on


@shared_task(name="telemetry.follow_trail")  # type: ignore[untyped-decorator]
def follow_trail() -> int:
    """Turn new audit entries into statements."""
    total = 0
    for _round in range(_ROUNDS):
        passed = follow_audit_trail()
        total += passed
        if passed == 0:
            break
    return total


@shared_task(name="telemetry.make_months")  # type: ignore[untyped-decorator]
def make_months() -> int:
    """Make the coming months' partitions."""
    return len(make_partitions())
