"""One click out of an email, without signing in (RFC 8058)."""

import pytest
from django.conf import settings
from django.test import Client

from delivery.channels.announcement import unsubscribe_url
from delivery.models import Target
from people.models import AuditEntry
from tests.delivery.pushed import make_target
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def target() -> Target:
    bo = PersonFactory(username="bo")
    return make_target("email", bo.email, person=bo)


def path_of(target: Target) -> str:
    return unsubscribe_url(target).removeprefix(settings.PUBLIC_URL)


def test_looking_changes_nothing_and_posting_does(client: Client, target: Target) -> None:
    page = client.get(path_of(target))
    assert page.status_code == 200
    assert target.address in page.content.decode()
    target.refresh_from_db()
    assert target.unsubscribed_at is None
    strict = Client(enforce_csrf_checks=True)  # a mail provider has no cookie of ours
    done = strict.post(path_of(target), {"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "No more emails" in done.content.decode()) == (200, True)
    strict.post(path_of(target), {"List-Unsubscribe": "One-Click"})
    target.refresh_from_db()
    assert target.unsubscribed_at is not None
    assert AuditEntry.objects.filter(action="target.unsubscribed").count() == 1


def test_a_person_may_come_back(client: Client, target: Target) -> None:
    client.post(path_of(target))
    client.post(path_of(target), {"again": "1"})
    target.refresh_from_db()
    assert target.unsubscribed_at is None


def test_a_link_that_is_not_ours_says_so(client: Client, target: Target) -> None:
    url = path_of(target)
    forged = url[:-3] + ("A" if url[-3] != "A" else "B") + url[-2:]
    for broken in (forged, "/unsubscribe/nonsense/"):
        for response in (client.get(broken), client.post(broken)):
            assert response.status_code == 404
            assert "This link does not work" in response.content.decode()
    target.refresh_from_db()
    assert target.unsubscribed_at is None
