"""What an author reads beside the text."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory

from assets.models import Version
from assets.panels import panels_for
from people.models import User
from telemetry.actions.record import Event, record
from tests.telemetry.conftest import Library, check_of


def panel(person: User, version: Version) -> str:
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=person.pk)
    return "".join(html for html in panels_for(request, version.asset) if "How people got on" in html)


@pytest.fixture
def author(charlie: User) -> User:
    charlie.groups.set(Group.objects.filter(name="Authors"))
    return charlie


def use(version: Version, *people: User) -> None:
    for n, person in enumerate(people):
        record(
            [
                Event(verb="experienced", person_id=person.pk, version_id=version.pk),
                Event(
                    verb="answered",
                    person_id=person.pk,
                    version_id=version.pk,
                    check_id=check_of(version).pk,
                    right=n > 0,
                ),
                Event(verb="rated", person_id=person.pk, version_id=version.pk, right=True),
            ]
        )


def test_the_panel_speaks_of_the_version_that_was_used(
    library: Library, alice: User, bob: User, author: User, django_assert_max_num_queries: Any
) -> None:
    version = library.version("refunds/partial", {"limit": "?", "who": "?"})
    library.version("refunds/partial", {"limit": "other"})
    assert panel(author, version) == "", "nobody used it"
    assert panel(alice, version) == "", "a learner has no figures"
    use(version, alice, bob)
    assert "withheld" in panel(author, version)
    use(version, *(User.objects.create(username=f"p{n}") for n in range(3)))
    with django_assert_max_num_queries(12):
        html = panel(author, version)
    assert "Opened by 5 people." in html
    assert ">limit<" in html
    assert "60%" in html
    assert "none yet" in html
