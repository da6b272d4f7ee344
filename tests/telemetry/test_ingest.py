"""Statements from outside: once each, the wrong ones named, none of them evidence."""

from typing import Any
from uuid import UUID, uuid4

from people.models import User
from telemetry.actions.ingest import ingest
from telemetry.models import Evidence, Rollup, Statement
from tests.telemetry.conftest import Library, check_of


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": "https://lms.example.org", "name": "4711"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
        "object": {"id": "https://lms.example.org/quiz/1"},
        "timestamp": "2026-11-20T10:00:00Z",
    } | changes


def test_a_batch_stores_what_it_can_and_says_what_it_could_not(db: None) -> None:
    known = sent()
    assert ingest([known]).stored == [UUID(known["id"])]
    other = known | {"object": {"id": "https://lms.example.org/quiz/2"}}
    fresh, no_id, wrong = sent(), sent(), sent(verb={})
    del no_id["id"]
    result = ingest([known, wrong, fresh, sent(id=fresh["id"], object={"id": "urn:x:y"}), no_id])
    assert result.skipped == [UUID(known["id"])]
    assert result.conflicts == [UUID(fresh["id"])]
    assert len(result.stored) == 2
    assert [place for place, _words in result.refused[1]] == ["/verb/id"]
    assert result.ids[1] is None
    assert ingest([other]).conflicts == [UUID(known["id"])]
    assert Statement.objects.count() == 3


def test_it_comes_back_as_it_was_sent(db: None) -> None:
    statement = sent(result={"response": "naïve – “quoted”", "score": {"raw": 3, "max": 10}})
    ingest([statement])
    assert Statement.objects.get(id=statement["id"]).raw == statement


def test_somebody_who_cannot_be_erased_is_refused(db: None) -> None:
    result = ingest(
        [
            sent(actor={"mbox": "mailto:someone@example.org"}),
            sent(actor={"name": "Some One", "account": {"homePage": "https://lms.example.org", "name": "1"}}),
        ]
    )
    assert set(result.refused) == {0, 1}
    assert not Statement.objects.exists()


def test_a_claim_about_our_own_check_is_no_evidence(library: Library, alice: User, settings: Any) -> None:
    version = library.version("refunds/partial", {"limit": "?"})
    statement = sent(
        actor={"account": {"homePage": settings.SITE_URN, "name": str(alice.pseudonym)}},
        object={"id": f"{settings.SITE_URN}:check:{check_of(version).pk}"},
        result={"success": True},
        context={"extensions": {"urn:learningops:extension:version-id": version.pk}},
    )
    ingest([statement])
    row = Statement.objects.get()
    assert (row.claimed, row.check_id, row.version_id, row.actor_id) == (
        True,
        check_of(version).pk,
        version.pk,
        alice.pseudonym,
    )
    assert row.team_id == alice.team_id
    assert not Evidence.objects.exists()
    assert Rollup.objects.get().claims == 1
