"""What goes through a channel and what comes back: plain values, no framework."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Translate = Callable[[str], str]


class News(StrEnum):
    """What a delivery says to its target."""

    NEW = "new"  # the target did not show the asset
    UPDATED = "updated"  # a newer version than the one it shows
    WENT_BACK = "went_back"  # an older one: a release was rolled back
    WITHDRAWN = "withdrawn"  # nothing any more


@dataclass(frozen=True, slots=True)
class Announcement:
    """One decided state of one asset, for one target. Everything a renderer may use.

    Args:
        delivery_id, lane_id, epoch: which delivery this is; `lane_id` is one (target, asset).
        sent_at: aware, UTC.
        news: what happened, from the target's view.
        asset_key, kind, kind_label: the asset; `kind` is the code, `kind_label` the word for people.
        url: where a person opens it, absolute.
        title, summary: of the version; of the one taken away when `news` is WITHDRAWN.
        version: its number; 0 when WITHDRAWN.
        shown_version: number of the version the target shows now; 0 for none.
        minutes: reading time.
        note: one line on what changes for people; may be empty.
        keeper: name of the person who keeps the asset; may be empty.
        organisation: name of the organisation.
        recipient: first name of the person behind a personal target; empty for a shared one.
        unsubscribe_url: for email; empty otherwise.
    """

    delivery_id: int
    lane_id: int
    epoch: int
    sent_at: datetime
    news: News
    asset_key: str
    kind: str
    kind_label: str
    url: str
    title: str
    summary: str = ""
    version: int = 0
    shown_version: int = 0
    minutes: int = 1
    note: str = ""
    keeper: str = ""
    organisation: str = "LearningOps"
    recipient: str = ""
    unsubscribe_url: str = ""


class Secret(str):
    """A credential. Prints as dots, so that no log line or error page shows it by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('•••')"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it goes.

    Args:
        address: mailbox, Slack channel or user id, URL.
        secret: the channel's credential, decrypted; never in a repr.
        external_id: where an earlier message can be edited ("channel:ts"); empty when there is none.
        doubtful_since: when the first call of this lane began whose end is not known; None when there is none.
    """

    address: str
    secret: Secret
    external_id: str = ""
    doubtful_since: datetime | None = None


class Result(StrEnum):
    """How a call ended, as far as we can know."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # certainly not taken; trying again may help
    FAILED = "failed"  # certainly not taken; trying again will not help
    UNKNOWN = "unknown"  # it may have been taken


@dataclass(frozen=True, slots=True)
class Sent:
    """The end of one call.

    Args:
        result: how it ended.
        status: HTTP or SMTP code; None when there was no answer.
        detail: in words for operators, at most 300 characters, without secrets.
        external_id: where the message can be edited from now on; None leaves what is known.
        found_epoch: a delivery of the lane that turned out to have arrived; None when none was looked for or found.
        retry_after: seconds the receiver asked us to wait.
        gone: the place does not exist any more: stop sending to it.
    """

    result: Result
    status: int | None = None
    detail: str = ""
    external_id: str | None = None
    found_epoch: int | None = None
    retry_after: float | None = None
    gone: bool = False
