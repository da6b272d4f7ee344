"""Announcement → the body of a webhook. Pure.

    {
      "type": "version.live" | "version.withdrawn",
      "timestamp": "2026-11-24T09:30:00Z",
      "data": {
        "lane": 12, "epoch": 3,              order by epoch: a receiver ignores what is older than it has seen
        "asset": "refunds/partial-refund",   the asset's key
        "kind": "guide",
        "version": 4,                        null when withdrawn
        "previous_version": 3,               what this place was told before; null for nothing
        "news": "new" | "updated" | "went_back" | "withdrawn",
        "title": "…", "summary": "…", "note": "…", "minutes": 3,
        "url": "https://…/a/refunds/partial-refund/"
      }
    }

The header `webhook-id` is the same for every try of one delivery: a receiver that saw it before ignores it.
"""

import json

from delivery.channels.message import Announcement, News


def message_id(announcement: Announcement) -> str:
    """The `webhook-id`: the same for every try of one delivery."""
    return f"msg_{announcement.lane_id}_{announcement.epoch}"


def render(announcement: Announcement) -> str:
    """The JSON body as it is signed and sent."""
    withdrawn = announcement.news is News.WITHDRAWN
    return json.dumps(
        {
            "type": "version.withdrawn" if withdrawn else "version.live",
            "timestamp": announcement.sent_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data": {
                "lane": announcement.lane_id,
                "epoch": announcement.epoch,
                "asset": announcement.asset_key,
                "kind": announcement.kind,
                "version": announcement.version or None,
                "previous_version": announcement.shown_version or None,
                "news": announcement.news.value,
                "title": announcement.title,
                "summary": announcement.summary,
                "note": announcement.note,
                "minutes": announcement.minutes,
                "url": announcement.url,
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
