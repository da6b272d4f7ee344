"""Webhook: a signed event for each epoch, after the Standard Webhooks specification."""

from delivery.channels.webhook.send import check_address, check_secret, new_secret, send

__all__ = ["check_address", "check_secret", "new_secret", "send"]
