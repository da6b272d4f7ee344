"""Content for tests: a collection with its outcomes, assets that pass every gate, versions through the front door."""

from typing import Final

import factory

from assets.actions.assets import create_asset
from assets.actions.versions import save_version
from assets.models import Asset, Collection, CollectionMember, Framework, Outcome, Version
from people.models import User

BODY: Final = """Open the order and choose **Refund**. You approve up to £200 per order alone.

## When it is more

The lead on shift approves in the same panel.

::: check single partial-limit
What is the highest partial refund you may approve alone?
- [ ] £50 — Too low: that was the limit until 2025.
- [x] £200 — Right.
- [ ] Any amount — Above £200 a lead must approve.
:::
"""


class CollectionFactory(factory.django.DjangoModelFactory[Collection]):
    class Meta:
        model = Collection

    key = factory.Sequence(lambda n: f"collection-{n}")
    name = factory.Sequence(lambda n: f"Collection {n}")


class FrameworkFactory(factory.django.DjangoModelFactory[Framework]):
    class Meta:
        model = Framework

    key = factory.Sequence(lambda n: f"framework-{n}")
    name = factory.Sequence(lambda n: f"Framework {n}")


class OutcomeFactory(factory.django.DjangoModelFactory[Outcome]):
    class Meta:
        model = Outcome

    key = factory.Sequence(lambda n: f"outcome.{n}")
    framework = factory.SubFactory(FrameworkFactory)
    statement = factory.Sequence(lambda n: f"Issue refund number {n} within the limit")


def source_of(
    key: str,
    *,
    title: str = "Issue a partial refund",
    kind: str = "guide",
    outcomes: tuple[str, ...] = ("refunds.partial",),
    body: str = BODY,
    more: str = "",
) -> str:
    """A file of the content format. `more` are further lines of its front matter."""
    return f"---\nkey: {key}\ntitle: {title}\nkind: {kind}\noutcomes: [{', '.join(outcomes)}]\n{more}---\n{body}"


def outcome(key: str = "refunds.partial", statement: str = "Issue a partial refund within the limit") -> Outcome:
    """The outcome with that key, made when it is missing."""
    framework, _ = Framework.objects.get_or_create(key="support", defaults={"name": "Support"})
    found, _ = Outcome.objects.get_or_create(key=key, defaults={"framework": framework, "statement": statement})
    return found


def make_asset(
    key: str = "refunds/partial-refund",
    *,
    actor: User | None = None,
    collection: Collection | None = None,
    source: str | None = None,
    kind: str = "guide",
    title: str = "Issue a partial refund",
) -> Asset:
    """An asset with a draft that passes every gate (its outcome is made too)."""
    outcome()
    home = collection or Collection.objects.get_or_create(key="refunds", defaults={"name": "Refunds"})[0]
    return create_asset(
        actor=actor, collection=home, key=key, kind=kind, title=title,
        source=source_of(key, title=title, kind=kind) if source is None else source,
    )  # fmt: skip


def make_version(key: str = "refunds/partial-refund", **values: object) -> Version:
    """A new asset with its first version."""
    asset = make_asset(key, **values)  # type: ignore[arg-type]
    return save_version(actor=None, asset_id=asset.pk, message="First")


def author_in(collection: Collection, user: User) -> User:
    """Make `user` an author of the collection."""
    CollectionMember.objects.get_or_create(collection=collection, user=user, role="author")
    return user
