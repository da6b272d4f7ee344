"""The pure part: what a statement may look like, and when two are the same."""

import copy
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from telemetry.xapi.build import build_statement
from telemetry.xapi.canonical import payload_hash, raw_and_hash
from telemetry.xapi.event import Event, Subject
from telemetry.xapi.validate import problems_in
from telemetry.xapi.vocabulary import VERBS, dictionary_id

AT = datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC)
EVENT = Event(
    verb="answered", check_id=3, check_key="limit", response={"choice": "ä"}, right=True, score=1.0, duration_s=4
)
SUBJECT = Subject(account="0b0e5d2c-0000-4000-8000-000000000001", asset_id=7, version_number=4)


def built(event: Event = EVENT) -> dict[str, Any]:
    return build_statement(event, SUBJECT, site="urn:learningops:site", statement_id=uuid4(), at=AT)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_of_ours_builds_a_valid_statement(verb: str) -> None:
    statement = built(Event(verb=verb, version_id=1, release_id=2, claimed=True, data={"n": 1}))
    assert problems_in(statement) == []
    assert statement["timestamp"] == "2026-11-24T09:30:00.123Z"


@pytest.mark.parametrize(
    ("where", "value", "pointer"),
    [
        (("actor",), None, "/actor"),
        (("actor", "account", "homePage"), "no scheme", "/actor/account/homePage"),
        (("actor", "mbox"), "mailto:a@example.org", "/actor"),
        (("verb", "id"), "answered", "/verb/id"),
        (("verb", "display"), {"not a language!": "x"}, "/verb/display"),
        (("object", "objectType"), "SubStatement", "/object/objectType"),
        (("object", "definition", "interactionType"), "guessing", "/object/definition/interactionType"),
        (("result", "score", "scaled"), 1.5, "/result/score/scaled"),
        (("result", "score", "scaled"), True, "/result/score/scaled"),
        (("result", "success"), "yes", "/result/success"),
        (("result", "duration"), "4 seconds", "/result/duration"),
        (("result", "duration"), "P", "/result/duration"),
        (("context", "registration"), "1", "/context/registration"),
        (("context", "extensions"), {"no iri": 1}, "/context/extensions"),
        (("timestamp",), "yesterday", "/timestamp"),
        (("timestamp",), "2026-11-24T09:30:00-00:00", "/timestamp"),
        (("id",), "12", "/id"),
        (("version",), "2.0.0", "/version"),
        (("attachments",), [], "/attachments"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(where: tuple[str, ...], value: object, pointer: str) -> None:
    statement = built()
    part = statement
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value
    assert [place for place, _words in problems_in(statement)] == [pointer]


@pytest.mark.parametrize("thing", [None, [], "text", 3, {}])
def test_what_is_no_statement_at_all(thing: object) -> None:
    assert problems_in(thing)


def test_a_retry_equals_its_first_try_whatever_the_server_added() -> None:
    first = built()
    again = copy.deepcopy(first) | {"stored": "2026-11-24T09:31:00Z", "authority": {"account": {}}, "version": "1.0.0"}
    assert payload_hash(first) == payload_hash(dict(reversed(again.items())))
    assert payload_hash(first) != payload_hash(first | {"timestamp": "2026-11-24T09:30:01Z"})
    later = first | {"timestamp": "2026-11-24T09:30:01Z"}
    assert payload_hash(first, timestamp_set_by_server=True) == payload_hash(later, timestamp_set_by_server=True)


@pytest.mark.parametrize("by_server", [True, False])
def test_the_text_of_a_statement_is_the_statement(by_server: bool) -> None:
    statement = built()
    raw, digest = raw_and_hash(statement, timestamp_set_by_server=by_server)
    assert json.loads(raw) == statement
    assert digest == payload_hash(statement, timestamp_set_by_server=by_server)


def test_dictionary_ids_are_the_same_on_every_machine() -> None:
    assert dictionary_id(VERBS["answered"]) == UUID("295d7ddb-5ec1-512a-9916-e540588b4549")
