"""The record over the API."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from people.models import User
from telemetry.actions.record import Event, record
from tests.telemetry.conftest import Library, check_of


def signed_in(person: User, *groups: str) -> Client:
    person.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def answered(library: Library, alice: User, bob: User) -> list[str]:
    """Alice opened and answered; Bob answered. Ids as text, in that order."""
    version = library.version("refunds/partial", {"limit": "?"})
    check = check_of(version)
    ids = record(
        [
            Event(verb="experienced", person_id=alice.pk, version_id=version.pk),
            Event(
                verb="answered",
                person_id=alice.pk,
                version_id=version.pk,
                check_id=check.pk,
                right=True,
                response={"text": "zanyshortanswer"},
            ),
            Event(
                verb="answered",
                person_id=bob.pk,
                version_id=version.pk,
                check_id=check.pk,
                right=True,
                response={"text": "zanyshortanswer"},
            ),
        ]
    )
    return [str(pk) for pk in ids]


def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/statements/{query}")
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def test_everybody_reads_what_is_recorded_about_them_and_no_more(answered: list[str], alice: User, bob: User) -> None:
    client = signed_in(alice)
    assert [row["id"] for row in listed(client)] == [answered[1], answered[0]]
    assert client.get(f"/api/v1/statements/{answered[0]}/").json()["statement"]["stored"]
    assert client.get(f"/api/v1/statements/{answered[2]}/").status_code == 404
    assert client.get(f"/api/v1/statements/{uuid4()}/").status_code == 404
    assert Client().get("/api/v1/statements/").status_code == 401


def test_an_operator_reads_all_but_not_the_answers(answered: list[str], bob: User, charlie: User) -> None:
    client = signed_in(charlie, "Operators")
    rows = listed(client)
    assert len(rows) == 3
    assert "zanyshortanswer" not in str(rows)
    assert "zanyshortanswer" in str(listed(signed_in(bob)))


def test_narrowing_and_paging(answered: list[str], alice: User, charlie: User) -> None:
    client = signed_in(charlie, "Operators")
    assert len(listed(client, "?verb=answered")) == 2
    assert len(listed(client, "?verb=http://adlnet.gov/expapi/verbs/experienced")) == 1
    assert listed(client, "?claimed=true") == []
    first = client.get("/api/v1/statements/?page_size=2").json()
    second = client.get(first["next"]).json()
    assert [row["id"] for row in (*first["results"], *second["results"])] == [answered[2], answered[1], answered[0]]
    assert second["next"] is None


def test_a_list_costs_the_same_however_long(
    library: Library, charlie: User, alice: User, django_assert_max_num_queries: Any
) -> None:
    version = library.version("a")
    client = signed_in(charlie, "Operators")
    for n in (3, 30):
        record([Event(verb="experienced", person_id=alice.pk, version_id=version.pk)] * n)
        with django_assert_max_num_queries(4):
            listed(client)


def test_statistics_of_checks_are_for_authors_and_withhold_small_groups(
    library: Library, alice: User, charlie: User
) -> None:
    version = library.version("refunds/partial", {"limit": "?", "who": "?"})
    check = check_of(version)
    path = f"/api/v1/figures/checks/?version={version.pk}"

    def answer(person: User) -> None:
        record(
            [
                Event(
                    verb="answered",
                    person_id=person.pk,
                    version_id=version.pk,
                    check_id=check.pk,
                    right=True,
                    response={"choice": "ab"},
                )
            ]
        )

    answer(alice)
    assert signed_in(charlie, "Managers").get(path).status_code == 403
    client = signed_in(charlie, "Authors")
    limit, who = client.get(path).json()
    assert (limit["withheld"], limit["people"], limit["first"], limit["options"]) == (True, None, None, [])
    assert (who["withheld"], who["people"], who["first"]["n"]) == (False, 0, 0)
    for n in range(4):
        answer(User.objects.create(username=f"p{n}"))
    limit = client.get(path).json()[0]
    assert (limit["people"], limit["first"]["share"], limit["options"][0]["share"]) == (5, 1.0, 1.0)
    assert limit["first"]["interval"] == pytest.approx([0.5655, 1.0], abs=1e-4)
    assert client.get("/api/v1/figures/checks/?version=x").status_code == 400
