"""A small library for tests of releases and of the portal: written in our format, saved through the actions."""

from typing import Any

from assets.actions.assets import create_asset
from assets.actions.drafts import save_draft
from assets.actions.versions import save_version
from assets.models import Asset, Collection, Framework, Outcome, Version
from delivery.actions.releases import ship_release
from delivery.models import Release
from people.models import User

EVERYONE: dict[str, Any] = {"all": []}
REFUNDS = {"team": "refunds"}
SECRET = "sentinel-right-answer"  # stands in feedback and right answers; must never reach a learner unearned


def outcome(key: str = "refunds.issue-partial") -> Outcome:
    """An observable outcome."""
    framework, _made = Framework.objects.get_or_create(key="support", defaults={"name": "Support framework"})
    made, _made = Outcome.objects.get_or_create(
        key=key, defaults={"framework": framework, "statement": "Issue a partial refund within the limit"}
    )
    return made


def collection(key: str = "refunds") -> Collection:
    made, _made = Collection.objects.get_or_create(key=key, defaults={"name": key.title()})
    return made


def guide(key: str, limit: int = 150, *, extra: str = "") -> str:
    """The source of a guide that passes its gates; `limit` is the right answer of its one check."""
    return f"""---
key: {key}
title: Issue a partial refund
kind: guide
summary: Give money back for what went wrong.
outcomes: [refunds.issue-partial]
---
## Know your limit

You approve up to **£{limit}** alone. A lead approves the rest.

::: check single limit
What may you approve alone?
- [ ] Nothing — Wrong, {SECRET} one.
- [x] £{limit} — Right, {SECRET} two.
- [ ] Any amount — Wrong, {SECRET} three.
:::
{extra}"""


def make_asset(author: User, key: str = "refunds/partial", source: str | None = None, kind: str = "guide") -> Asset:
    """An asset with a draft and no version."""
    outcome()
    asset = create_asset(
        actor=author, collection=collection(), key=key, kind=kind, title="Issue a partial refund", owner=author
    )
    edit(author, asset, source or guide(key))
    return asset


def edit(author: User, asset: Asset, source: str) -> None:
    """Overwrite the draft."""
    save_draft(actor=author, asset_id=asset.pk, source=source, edit=Asset.objects.get(pk=asset.pk).draft.edit)


def save(author: User, asset: Asset, source: str | None = None) -> Version:
    """Save the draft, or `source`, as a version."""
    if source is not None:
        edit(author, asset, source)
    return save_version(actor=author, asset_id=asset.pk)


def ship(author: User, version: Version, rule: dict[str, Any] | None = None, hundredths: int = 10_000) -> Release:
    return ship_release(
        actor=author, version_id=version.pk, rule=EVERYONE if rule is None else rule, percentage_hundredths=hundredths
    )
