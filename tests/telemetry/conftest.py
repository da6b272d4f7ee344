"""A small library and its people, written straight into the tables: telemetry only reads them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from assets.models import (
    Asset,
    Check,
    Collection,
    Framework,
    Outcome,
    Version,
    VersionCheck,
    VersionCheckOutcome,
    VersionOutcome,
)
from people.models import Team, User


@dataclass
class Library:
    """Outcomes by key, and a way to save versions."""

    collection: Collection
    outcomes: dict[str, Outcome]

    def version(
        self,
        key: str,
        checks: Mapping[str, str] | None = None,
        *,
        outcomes: Sequence[str] = ("issue",),
        check_outcomes: Mapping[str, Sequence[str]] | None = None,
        change_class: str = "material",
    ) -> Version:
        """The next version of asset `key`, with checks as {check key: content}."""
        asset, _made = Asset.objects.get_or_create(
            key=key, defaults={"title": key, "kind": "guide", "collection": self.collection}
        )
        number = asset.versions.count() + 1
        version = Version.objects.create(
            asset=asset,
            number=number,
            source=f"{key} {number}",
            content_hash=digest(f"{key} {number}"),
            title=key,
            change_class=change_class,
        )
        VersionOutcome.objects.bulk_create(
            VersionOutcome(version=version, outcome=self.outcomes[name]) for name in outcomes
        )
        for position, (check_key, content) in enumerate((checks or {}).items()):
            check, _made = Check.objects.get_or_create(asset=asset, key=check_key)
            row = VersionCheck.objects.create(
                version=version,
                check_identity=check,
                position=position,
                type="single",
                prompt=content,
                data={},
                content_hash=digest(content),
            )
            VersionCheckOutcome.objects.bulk_create(
                VersionCheckOutcome(version_check=row, outcome=self.outcomes[name])
                for name in (check_outcomes or {}).get(check_key, outcomes)
            )
        return version


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def check_of(version: Version, key: str = "limit") -> Check:
    return Check.objects.get(asset_id=version.asset_id, key=key)


@pytest.fixture
def library(db: None) -> Library:
    collection = Collection.objects.create(key="desk", name="Desk")
    framework = Framework.objects.create(key="support", name="Support")
    outcomes = {
        name: Outcome.objects.create(key=f"refunds.{name}", framework=framework, statement=name)
        for name in ("issue", "decline")
    }
    return Library(collection, outcomes)


@pytest.fixture
def refunds(db: None) -> Team:
    return Team.objects.create(key="refunds", name="Refunds")


@pytest.fixture
def weekend(db: None) -> Team:
    return Team.objects.create(key="weekend", name="Weekend")


@pytest.fixture
def alice(refunds: Team) -> User:
    return User.objects.create(username="alice", first_name="Alice", team=refunds)


@pytest.fixture
def bob(refunds: Team) -> User:
    return User.objects.create(username="bob", first_name="Bob", team=refunds)


@pytest.fixture
def charlie(weekend: Team) -> User:
    return User.objects.create(username="charlie", first_name="Charlie", team=weekend)
