"""The beacon's batch."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from people.models import User
from telemetry.actions.claims import Claim, record_claims
from telemetry.models import Seen, Statement
from tests.telemetry.conftest import Library


def test_claims_are_recorded_once_and_never_counted(library: Library, alice: User) -> None:
    version = library.version("a")
    claims = [
        Claim(id=uuid4(), verb="interacted", version_id=version.pk, target="#steps"),
        Claim(id=uuid4(), verb="experienced", version_id=version.pk, duration_s=1e9),
        Claim(id=uuid4(), verb="answered", version_id=version.pk),
        Claim(id=uuid4(), verb="interacted", version_id=0),
    ]
    assert len(record_claims(person_id=alice.pk, claims=claims)) == 2
    assert record_claims(person_id=alice.pk, claims=claims) == []
    assert list(Statement.objects.order_by("seq").values_list("kind", "claimed", "duration_s")) == [
        ("click", True, None),
        ("view", True, 86400.0),
    ]
    assert not Seen.objects.exists()


def test_nobody_can_take_the_id_of_somebody_else(library: Library, alice: User, bob: User) -> None:
    version = library.version("a")
    claim = Claim(id=uuid4(), verb="interacted", version_id=version.pk)
    assert record_claims(person_id=alice.pk, claims=[claim]) != record_claims(person_id=bob.pk, claims=[claim])
    assert Statement.objects.count() == 2


def test_times_that_cannot_be_become_now(library: Library, alice: User) -> None:
    version, now = library.version("a"), timezone.now()
    times = [now - timedelta(hours=1), now + timedelta(days=1), now - timedelta(days=30)]
    record_claims(
        person_id=alice.pk,
        claims=[Claim(id=uuid4(), verb="interacted", version_id=version.pk, at=at) for at in times],
    )
    kept = list(Statement.objects.order_by("seq").values_list("at", flat=True))
    assert kept[0] == times[0]
    assert all(now <= at <= timezone.now() for at in kept[1:])
