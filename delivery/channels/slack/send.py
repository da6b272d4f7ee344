"""Post a lane's message once, edit it after, and look for it when an answer was lost.

Slack knows no idempotency key: when the end of a post is not known, the place is searched for our own metadata
before anything is posted again.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from delivery.channels.guard import NoAnswer, NotSent, Refused
from delivery.channels.message import Announcement, News, Place, Result, Sent
from delivery.channels.slack.client import Answer, ask, post
from delivery.channels.slack.render import EVENT_TYPE, render

CLOCKS_APART = timedelta(minutes=2)  # how far Slack's clock may be from the database's
MAX_PAGES = 10  # of history, 200 messages each
_PLACE = re.compile(r"[CGDUW][A-Z0-9]{2,30}\Z")
# Slack's own trouble: the call may have been carried out all the same.
_MAYBE_DONE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_MESSAGE_LOST = {"message_not_found", "cant_update_message", "edit_window_closed"}
_GONE = {"is_archived", "user_not_found", "user_disabled"}


def check_address(address: str) -> str:
    """A Slack channel or user id. Raises ValidationError."""
    cleaned = address.strip()
    if not _PLACE.match(cleaned):
        raise ValidationError(
            _("“%(address)s” is not a Slack id. Use the id of a channel or person, such as C024BE91L, not a name."),
            params={"address": cleaned},
        )
    return cleaned


def check_secret(secret: str) -> str:
    """A bot token. Raises ValidationError."""
    cleaned = secret.strip()
    if not re.fullmatch(r"xoxb-[A-Za-z0-9-]{6,250}", cleaned):
        raise ValidationError(
            _("That is not a bot token. It starts with xoxb-; find it under “OAuth & Permissions” of your app.")
        )
    return cleaned


@dataclass(frozen=True, slots=True)
class _Found:
    external_id: str
    epoch: int


def send(announcement: Announcement, place: Place) -> Sent:
    """Bring the lane's message to this state. Never raises for what Slack or the network does."""
    try:
        return _send(announcement, place)
    except Refused as error:
        return Sent(Result.FAILED, detail=str(error))
    except NotSent as error:
        return Sent(Result.RETRY, detail=str(error))
    except NoAnswer as error:
        return Sent(Result.UNKNOWN, detail=str(error))


def _send(announcement: Announcement, place: Place) -> Sent:
    if place.external_id:
        return _update(announcement, place, place.external_id)
    if place.doubtful_since is not None:
        found = _look(announcement.lane_id, place, place.doubtful_since)
        if isinstance(found, Sent):
            return found
        if found is not None and found.epoch == announcement.epoch:
            return Sent(Result.ACCEPTED, 200, _("Found in Slack."), found.external_id, found_epoch=found.epoch)
        if found is not None:
            sent = _update(announcement, place, found.external_id)
            return Sent(sent.result, sent.status, sent.detail, found.external_id, found.epoch, sent.retry_after)
    if announcement.news is News.WITHDRAWN:
        return Sent(Result.ACCEPTED, detail=_("Nothing was shown, so nothing is taken back."))
    return _post(announcement, place)


def _post(announcement: Announcement, place: Place) -> Sent:
    answer = post("chat.postMessage", place.secret, {"channel": place.address, **render(announcement, _)})
    if not answer.ok:
        return _refused(answer)
    return Sent(Result.ACCEPTED, answer.status, external_id=_external_id(answer.body))


def _update(announcement: Announcement, place: Place, external_id: str) -> Sent:
    channel, _colon, ts = external_id.partition(":")
    answer = post("chat.update", place.secret, {"channel": channel, "ts": ts, **render(announcement, _)})
    if answer.ok:
        return Sent(Result.ACCEPTED, answer.status, external_id=external_id)
    if answer.error not in _MESSAGE_LOST:
        return _refused(answer)
    if announcement.news is News.WITHDRAWN:
        return Sent(Result.ACCEPTED, answer.status, _("Somebody had deleted the message already."), external_id="")
    return _post(announcement, place)  # somebody deleted our message: the place shows nothing


def _look(lane_id: int, place: Place, since: datetime) -> "_Found | Sent | None":
    """Our message of this lane, by its metadata; None when it is not there; Sent when Slack could not say."""
    channel = _conversation(place)
    if isinstance(channel, Sent):
        return channel
    arguments = {
        "channel": channel,
        "oldest": f"{(since - CLOCKS_APART).timestamp():.6f}",
        "limit": "200",
        "include_all_metadata": "true",
    }
    for _page in range(MAX_PAGES):
        answer = ask("conversations.history", place.secret, arguments)
        if not answer.ok:
            return _undecided(answer)
        for message in answer.body.get("messages", []):
            epoch = _our_epoch(message, lane_id)
            if epoch is not None:
                return _Found(f"{channel}:{message['ts']}", epoch)
        cursor = (answer.body.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        arguments["cursor"] = cursor
    return Sent(Result.UNKNOWN, detail=_("Too many messages in Slack to find ours among them."))


def _conversation(place: Place) -> "str | Sent":
    """The conversation's id. A person's id must be exchanged for that of the direct messages with them."""
    if not place.address.startswith(("U", "W")):
        return place.address
    answer = post("conversations.open", place.secret, {"users": place.address})
    if not answer.ok:
        return _undecided(answer)
    return str((answer.body.get("channel") or {}).get("id", place.address))


def _our_epoch(message: dict[str, Any], lane_id: int) -> int | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != EVENT_TYPE or payload.get("lane") != lane_id:
        return None
    return int(payload.get("epoch", 0))


def _external_id(body: dict[str, Any]) -> str:
    return f"{body.get('channel', '')}:{body.get('ts', '')}"


def _undecided(answer: Answer) -> Sent:
    """A question that Slack did not answer leaves the doubt as it was."""
    detail = _("Slack could not be asked for our message: %(error)s.") % {"error": answer.error or answer.status}
    return Sent(Result.UNKNOWN, answer.status, detail, retry_after=answer.retry_after)


def _refused(answer: Answer) -> Sent:
    detail = _("Slack said: %(error)s.") % {"error": answer.error or answer.status}
    if answer.status == 429 or answer.error in {"ratelimited", "rate_limited"}:
        return Sent(Result.RETRY, answer.status, detail, retry_after=answer.retry_after or 1.0)
    if answer.status >= 500 or answer.error in _MAYBE_DONE:
        return Sent(Result.UNKNOWN, answer.status, detail, retry_after=answer.retry_after)
    return Sent(Result.FAILED, answer.status, detail, gone=answer.error in _GONE)
