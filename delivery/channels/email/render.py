"""Announcement → the parts of an email. Pure; the texts become HTML and plain text by templates in `send`."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from delivery.channels.message import Announcement, News, Translate

MAX_SUBJECT = 180


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of one email: headers by name, and what its templates need."""

    subject: str
    headers: dict[str, str]
    opening: str
    context: dict[str, object]


def render(announcement: Announcement, _: Translate) -> Letter:
    """The subject, the headers and the context of the templates.

    The Message-ID comes from the delivery, so the same delivery always has the same one; emails on one asset
    refer to their lane and so stand together in a mailbox. One-click unsubscribe after RFC 8058.
    """
    title = " ".join(announcement.title.split())
    subjects = {
        News.NEW: _("New: {title}"),
        News.UPDATED: _("Updated: {title} (v{version})"),
        News.WENT_BACK: _("Back to an earlier version: {title} (v{version})"),
        News.WITHDRAWN: _("Taken back: {title}"),
    }
    openings = {
        News.NEW: _("This is new for you."),
        News.UPDATED: _("This has changed since version {shown}."),
        News.WENT_BACK: _("Version {shown} was taken back. Version {version} is the one to follow again."),
        News.WITHDRAWN: _("This is no longer offered to you."),
    }
    words = {"title": title, "version": announcement.version, "shown": announcement.shown_version}
    host = urlsplit(announcement.url).hostname or "localhost"
    thread = f"<lane-{announcement.lane_id}@{host}>"
    headers = {
        "Message-ID": f"<delivery-{announcement.delivery_id}.{announcement.epoch}@{host}>",
        "References": thread,
        "In-Reply-To": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if announcement.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{announcement.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return Letter(
        subject=_clip(subjects[announcement.news].format(**words)),
        headers=headers,
        opening=openings[announcement.news].format(**words),
        context={"news": announcement, "title": title},
    )


def _clip(text: str) -> str:
    return text if len(text) <= MAX_SUBJECT else text[: MAX_SUBJECT - 1].rstrip() + "…"
