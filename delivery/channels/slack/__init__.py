"""Slack: one message for each lane, posted once and edited after."""

from delivery.channels.slack.send import check_address, check_secret, send

__all__ = ["check_address", "check_secret", "send"]
