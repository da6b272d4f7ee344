"""Announcement → Slack's message: fallback text, blocks, metadata. Pure.

Limits of Block Kit: header 150 characters, section 3,000, button text 75, URL 3,000. The version is printed in the
message, because an edit of blocks shows no "edited" mark.
"""

from typing import Any

from delivery.channels.message import Announcement, News, Translate

EVENT_TYPE = "learningops_delivery"
MAX_HEADER, MAX_SECTION, MAX_CONTEXT, MAX_URL = 150, 3000, 2000, 3000


def render(announcement: Announcement, _: Translate) -> dict[str, Any]:
    """`text`, `blocks` and `metadata` of `chat.postMessage` and `chat.update`.

    The metadata names the lane and the epoch, so that a message whose answer was lost can be found again.
    """
    title = " ".join(announcement.title.split())
    withdrawn = announcement.news is News.WITHDRAWN
    state = _state(announcement, _)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": clip(title, MAX_HEADER), "emoji": False}}
    ]
    lines = [state] if withdrawn else [announcement.note, announcement.summary]
    blocks += [
        {"type": "section", "text": {"type": "mrkdwn", "text": clip_escaped(line, MAX_SECTION)}}
        for line in lines
        if line
    ]
    if not withdrawn:
        blocks.append(_facts(announcement, state, _))
        if len(announcement.url) <= MAX_URL:
            button = {"type": "plain_text", "text": _("Read it"), "emoji": False}
            element = {"type": "button", "action_id": "open", "text": button, "url": announcement.url}
            blocks.append({"type": "actions", "elements": [element]})
    return {
        "text": clip_escaped(f"{title}: {state}", MAX_SECTION),
        "blocks": blocks,
        "metadata": {
            "event_type": EVENT_TYPE,
            "event_payload": {"lane": announcement.lane_id, "epoch": announcement.epoch},
        },
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _state(announcement: Announcement, _: Translate) -> str:
    words = {
        News.NEW: _("v{version}, new"),
        News.UPDATED: _("v{version}, updated from v{shown}"),
        News.WENT_BACK: _("v{version} again, v{shown} was taken back"),
        News.WITHDRAWN: _("Taken back. This is not offered here any more."),
    }
    return words[announcement.news].format(version=announcement.version, shown=announcement.shown_version)


def _facts(announcement: Announcement, state: str, _: Translate) -> dict[str, Any]:
    facts = [state, announcement.kind_label, _("{minutes} min").format(minutes=announcement.minutes)]
    if announcement.keeper:
        facts.append(_("kept by {name}").format(name=announcement.keeper))
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": clip_escaped(" · ".join(facts), MAX_CONTEXT)}]}


def clip(text: str, limit: int) -> str:
    """`text`, at most `limit` characters long."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def clip_escaped(text: str, limit: int) -> str:
    """`text` escaped for mrkdwn (&, <, >) and at most `limit` characters long, without cutting an escape in two."""
    escaped = _escape(text)
    while len(escaped) > limit:
        excess = len(escaped) - limit + 1
        text = text[: max(0, len(text) - max(1, excess // 5))]
        escaped = _escape(text) + "…"
    return escaped


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
