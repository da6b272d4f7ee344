"""Email: one message for each epoch, by the operator's SMTP server. It cannot be edited or taken back."""

from delivery.channels.email.send import check_address, check_secret, send

__all__ = ["check_address", "check_secret", "send"]
