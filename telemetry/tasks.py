"""Telemetry's work in the background. Beat calls it (settings); the audit trail is followed by the relay."""

from celery import shared_task

from telemetry.actions.partitions import make_partitions


@shared_task(name="telemetry.make_months")  # type: ignore[untyped-decorator]
def make_months() -> int:
    """Make the coming months' partitions."""
    return len(make_partitions())
