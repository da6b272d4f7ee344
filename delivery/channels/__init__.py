"""Channels: a folder for each kind, with `render` (pure: announcement → payload) and `send` (transport).

A kind says how it behaves where providers differ; the ledger's rules read that here and name no kind themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from delivery.channels import email, slack, webhook
from delivery.channels.message import Announcement, Place, Sent


class Doubt(StrEnum):
    """What to do about a call whose end is not known."""

    LEAVE = "leave"  # never send it again by itself (email)
    ASK = "ask"  # the provider can be asked for our message (Slack)
    REPEAT = "repeat"  # send the same id again: the receiver knows it (webhook)


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """How one kind of channel behaves.

    Args:
        send: deliver one announcement to one place; never raises for what a network or a provider does.
        check_address, check_secret: return the cleaned value or raise ValidationError with what to do.
        doubt: what to do about a call whose end is not known.
        kept: what it shows can be corrected silently, so it is, whichever release wins.
        takes_back: it can say that something was taken away.
        needs_secret: it cannot send without a credential.
        per_second: calls a second to one address, None for no bound of ours.
    """

    send: Callable[[Announcement, Place], Sent]
    check_address: Callable[[str], str]
    check_secret: Callable[[str], str]
    doubt: Doubt
    kept: bool
    takes_back: bool
    needs_secret: bool
    per_second: float | None = None


KINDS: Final[dict[str, ChannelKind]] = {
    "email": ChannelKind(
        send=email.send,
        check_address=email.check_address,
        check_secret=email.check_secret,
        doubt=Doubt.LEAVE,
        kept=False,
        takes_back=False,
        needs_secret=False,
    ),
    "slack": ChannelKind(
        send=slack.send,
        check_address=slack.check_address,
        check_secret=slack.check_secret,
        doubt=Doubt.ASK,
        kept=True,
        takes_back=True,
        needs_secret=True,
        per_second=1.0,
    ),
    "webhook": ChannelKind(
        send=webhook.send,
        check_address=webhook.check_address,
        check_secret=webhook.check_secret,
        doubt=Doubt.REPEAT,
        kept=True,
        takes_back=True,
        needs_secret=True,
    ),
}
KEPT_KINDS: Final = tuple(name for name, kind in KINDS.items() if kind.kept)
LEAVE_KINDS: Final = tuple(name for name, kind in KINDS.items() if kind.doubt is Doubt.LEAVE)
