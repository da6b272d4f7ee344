"""A released asset, and people who answer its check."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone

from assets.models import Version
from delivery.models import Release
from flags.actions.epoch import raise_epoch
from flags.actions.flags import create_flag
from flags.engine import EVERYONE
from people.models import Team, User
from telemetry.actions.record import Event, record
from tests.telemetry.conftest import Library, alice, bob, charlie, check_of, library, refunds, weekend

__all__ = ["alice", "bob", "charlie", "library", "refunds", "weekend"]


def signed_in(person: User, *groups: str) -> Client:
    """A client of the person, who is in exactly these groups."""
    person.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(person)
    return client


def answer(version: Version, *people: User, right: bool = True) -> None:
    check = check_of(version)
    record(
        [Event(verb="answered", person_id=p.pk, version_id=version.pk, check_id=check.pk, right=right) for p in people]
    )


def release_to_all(version: Version) -> Version:
    """Past the gates: these versions are written straight into the tables."""
    with transaction.atomic():
        flag = create_flag(actor=None, name=f"all {version.pk}", rule=EVERYONE, percentage_hundredths=10000)
        Release.objects.create(asset=version.asset, version=version, flag=flag, released_at=timezone.now())
        raise_epoch()
    return version


@pytest.fixture
def released(library: Library) -> Version:
    return release_to_all(library.version("refunds/partial", {"limit": "What is the limit?"}))


@pytest.fixture
def manager(charlie: User, refunds: Team) -> Client:
    """Charlie, who manages Refunds (Alice and Bob) and is on Weekend."""
    refunds.managers.add(charlie)
    return signed_in(charlie, "Managers")


@pytest.fixture
def lead(db: None) -> Client:
    """A lead without people."""
    return signed_in(User.objects.create(username="lena"), "Authors", "Leads")
