"""What the relay hands to the queue: ids. The rules are in the actions."""

from celery import shared_task

from delivery.actions import deliveries, fan_out


@shared_task(name="delivery.expand")  # type: ignore[untyped-decorator]
def expand(fan_out_id: int) -> None:
    """Work out what the targets of one changed asset should show."""
    fan_out.expand(fan_out_id=fan_out_id)


@shared_task(name="delivery.deliver")  # type: ignore[untyped-decorator]
def deliver(delivery_id: int) -> None:
    """Send one delivery."""
    deliveries.deliver(delivery_id=delivery_id)
