"""One event in: one statement, the right evidence, the right counts."""

import json
import select
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from people.models import Team, User
from telemetry.actions.record import Event, StatementConflict, record
from telemetry.models import Actor, Evidence, Rollup, Seen, Statement
from telemetry.queries.evidence import answers_in, answers_in_versions, answers_of
from telemetry.queries.progress import assets_done
from telemetry.queries.seen import last_seen, reach_of_versions
from telemetry.xapi.validate import problems_in
from tests.telemetry.conftest import Library, check_of


def test_an_answer_becomes_one_valid_statement_with_its_columns(library: Library, alice: User) -> None:
    version = library.version("refunds/partial", {"limit": "How high?"})
    check = check_of(version)
    (statement_id,) = record(
        [
            Event(
                verb="answered",
                person_id=alice.pk,
                version_id=version.pk,
                check_id=check.pk,
                check_key="limit",
                response={"choice": "ab12"},
                right=False,
                score=0.5,
                duration_s=3.25,
                decision="stage",
                release_id=7,
            )
        ]
    )
    row = Statement.objects.get(id=statement_id)
    assert (row.kind, row.attempt, row.right, row.score, row.claimed) == ("answer", 1, False, 0.5, False)
    assert (row.asset_id, row.version_id, row.check_id) == (version.asset_id, version.pk, check.pk)
    assert (row.team_id, row.release_id, row.channel, row.duration_s) == (alice.team_id, 7, "portal", 3.25)
    assert problems_in(row.raw) == []
    assert json.loads(row.raw["result"]["response"]) == {"choice": "ab12"}
    assert row.raw["context"]["extensions"]["urn:learningops:extension:version"] == 1
    assert row.raw["context"]["contextActivities"]["parent"][0]["id"].endswith(f":asset:{version.asset_id}")


def test_a_statement_names_nobody(library: Library, alice: User) -> None:
    version = library.version("refunds/partial")
    (statement_id,) = record([Event(verb="experienced", person_id=alice.pk, version_id=version.pk)])
    row = Statement.objects.get(id=statement_id)
    written = json.dumps(row.raw)
    assert str(alice.pseudonym) in written
    assert not any(word in written for word in ("alice", "Alice"))
    assert Actor.objects.get(id=row.actor_id).person == alice


def test_the_same_event_twice_is_one_statement(library: Library, alice: User) -> None:
    version = library.version("refunds/partial", {"limit": "?"})
    event = Event(
        id=uuid4(),
        verb="answered",
        person_id=alice.pk,
        version_id=version.pk,
        check_id=check_of(version).pk,
        right=True,
    )
    assert record([event]) == [event.id]
    assert record([event, event]) == [event.id, event.id]
    assert Statement.objects.count() == 1
    assert Evidence.objects.get().tries == 1
    assert Rollup.objects.get(check_identity=None, outcome_id=None).answers == 1


def test_an_id_that_is_taken_by_something_else_is_refused_and_writes_nothing(library: Library, alice: User) -> None:
    version = library.version("refunds/partial")
    (taken,) = record([Event(verb="experienced", person_id=alice.pk, version_id=version.pk)])
    other = Event(verb="experienced", person_id=alice.pk, version_id=version.pk)
    with pytest.raises(StatementConflict), transaction.atomic():
        record([other, Event(id=taken, verb="interacted", person_id=alice.pk, version_id=version.pk)])
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"person_id": 0}, "no person"),
        ({"version_id": 0}, "no version"),
        ({"check_id": 0, "check_key": "gone"}, "gone"),
        ({"score": 1.5}, "between 0 and 1"),
        ({"duration_s": float("nan")}, "number of seconds"),
    ],
)
def test_an_impossible_event_says_what_is_wrong(
    library: Library, alice: User, wrong: dict[str, object], words: str
) -> None:
    version = library.version("refunds/partial")
    given = {"person_id": alice.pk, "version_id": version.pk, **wrong}
    with pytest.raises(ValidationError, match=words):
        record([Event(verb="answered", **given)])  # type: ignore[arg-type]
    assert not Statement.objects.exists()


def test_record_takes_three_queries_at_most_however_many_events(
    library: Library, alice: User, bob: User, django_assert_max_num_queries: object
) -> None:
    version = library.version("refunds/partial", {"limit": "?"})
    for n in (1, 300):
        events = [
            Event(verb="answered", person_id=p.pk, version_id=version.pk, check_id=check_of(version).pk, right=True)
            for p in (alice, bob)
        ] * n
        with django_assert_max_num_queries(5):  # type: ignore[operator]  # 3, and the savepoint around the store
            record(events)
    assert Statement.objects.count() == 602


def test_what_a_client_claims_is_recorded_and_never_counted(library: Library, alice: User) -> None:
    version = library.version("refunds/partial", {"limit": "?"})
    record(
        [
            Event(verb="experienced", person_id=alice.pk, version_id=version.pk, claimed=True),
            Event(
                verb="answered",
                person_id=alice.pk,
                version_id=version.pk,
                check_id=check_of(version).pk,
                right=True,
                claimed=True,
            ),
        ]
    )
    assert Statement.objects.filter(claimed=True).count() == 2
    assert not Evidence.objects.exists()
    assert not Seen.objects.exists()
    rollup = Rollup.objects.get()
    assert (rollup.claims, rollup.views, rollup.answers) == (2, 0, 0)


def test_the_database_refuses_to_count_a_claim(library: Library, alice: User) -> None:
    record([Event(verb="experienced", person_id=alice.pk, version_id=library.version("a").pk, claimed=True)])
    with pytest.raises(IntegrityError, match="claims_never_count"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO telemetry_statement (seq, id, stored, at, actor_id, verb_id, object_id, kind, channel, "
            "claimed, attempt, raw) SELECT 9999999, id, stored, at, actor_id, verb_id, object_id, kind, channel, true, "
            "1, raw FROM telemetry_statement"
        )


def test_evidence_follows_the_content_of_the_check(library: Library, alice: User) -> None:
    v1 = library.version("refunds/partial", {"limit": "£50?"})
    v2 = library.version("refunds/partial", {"limit": "£50?"}, change_class="editorial")
    v3 = library.version("refunds/partial", {"limit": "£200?"})
    check = check_of(v1)

    def answer(version_id: int, right: bool) -> None:
        record([Event(verb="answered", person_id=alice.pk, version_id=version_id, check_id=check.pk, right=right)])

    answer(v1.pk, right=False)
    answer(v1.pk, right=True)
    on_v2 = answers_in(alice.pk, v2.pk)[check.pk]
    assert (on_v2.tries, on_v2.first_right, on_v2.right, on_v2.version_id) == (2, False, True, v1.pk)
    assert answers_in(alice.pk, v3.pk) == {}, "a material change asks again"
    answer(v3.pk, right=False)
    assert answers_in(alice.pk, v3.pk)[check.pk].right is False
    assert answers_in(alice.pk, v1.pk)[check.pk].right is True, "a roll-back gives back what was shown before"
    assert answers_of(alice.pk, [check.pk])[check.pk].version_id == v3.pk
    assert set(answers_in_versions(alice.pk, [v1.pk, v2.pk, v3.pk])) == {v1.pk, v2.pk, v3.pk}


def test_an_answer_that_arrives_late_is_counted_and_does_not_undo_a_later_one(library: Library, alice: User) -> None:
    version = library.version("refunds/partial", {"limit": "?"})
    now = timezone.now()
    for right, hours_ago in ((True, 1), (False, 5)):
        record(
            [
                Event(
                    verb="answered",
                    person_id=alice.pk,
                    version_id=version.pk,
                    check_id=check_of(version).pk,
                    right=right,
                    at=now - timedelta(hours=hours_ago),
                )
            ]
        )
    evidence = answers_in(alice.pk, version.pk)[check_of(version).pk]
    assert (evidence.tries, evidence.last_right, evidence.first_right) == (2, True, True)
    assert evidence.first_at == now - timedelta(hours=5)


def test_counts_by_version_check_outcome_team_and_day(
    library: Library, alice: User, bob: User, charlie: User, refunds: Team
) -> None:
    version = library.version(
        "refunds/partial",
        {"limit": "?", "who": "?"},
        outcomes=("issue", "decline"),
        check_outcomes={"limit": ["issue"], "who": ["issue", "decline"]},
    )
    limit, who = check_of(version), check_of(version, "who")
    record(
        [
            *(Event(verb="experienced", person_id=p.pk, version_id=version.pk) for p in (alice, bob, charlie, alice)),
            Event(verb="answered", person_id=alice.pk, version_id=version.pk, check_id=limit.pk, right=False),
            Event(verb="answered", person_id=alice.pk, version_id=version.pk, check_id=limit.pk, right=True),
            Event(verb="answered", person_id=bob.pk, version_id=version.pk, check_id=who.pk, right=True),
            Event(verb="rated", person_id=bob.pk, version_id=version.pk, right=True),
            Event(verb="rated", person_id=alice.pk, version_id=version.pk, score=0.0),
            Event(verb="interacted", person_id=alice.pk, version_id=version.pk, channel="email"),
        ]
    )
    ours = Rollup.objects.filter(team_id=refunds.pk, channel="portal")
    of_version = ours.get(check_identity=None, outcome_id=None)
    assert (of_version.views, of_version.answers, of_version.right, of_version.first_answers) == (3, 3, 2, 2)
    assert (of_version.first_right, of_version.useful, of_version.not_useful) == (1, 1, 1)
    assert ours.get(check_identity=limit).answers == 2
    assert ours.get(outcome_id=library.outcomes["issue"].pk).answers == 3
    assert ours.get(outcome_id=library.outcomes["decline"].pk).answers == 1
    assert Rollup.objects.get(channel="email").clicks == 1
    assert reach_of_versions([version.pk]) == {version.pk: 3}
    assert last_seen(alice.pk)[version.asset_id][0] == version.pk


def test_progress_is_measured_on_the_version_they_are_given(library: Library, alice: User) -> None:
    v1 = library.version("refunds/partial", {"limit": "£50?", "who": "who?"})
    v2 = library.version("refunds/partial", {"limit": "£200?", "who": "who?"})
    plain1 = library.version("greeting")
    plain2 = library.version("greeting", change_class="editorial")
    plain3 = library.version("greeting")
    record(
        [
            Event(verb="experienced", person_id=alice.pk, version_id=plain1.pk),
            *(
                Event(verb="answered", person_id=alice.pk, version_id=v1.pk, check_id=check_of(v1, key).pk, right=True)
                for key in ("limit", "who")
            ),
        ]
    )
    given = {v1.asset_id: v1.pk, plain1.asset_id: plain2.pk}
    done = assets_done(alice.pk, given)
    assert done[v1.asset_id].done
    assert done[plain1.asset_id].done, "an editorial change keeps it"
    later = assets_done(alice.pk, {v1.asset_id: v2.pk, plain1.asset_id: plain3.pk})
    assert (later[v1.asset_id].right, later[v1.asset_id].checks, later[v1.asset_id].done) == (1, 2, False)
    assert not later[plain1.asset_id].done


@pytest.mark.parametrize(
    "query",
    [
        lambda person, version: answers_in(person, version.pk),
        lambda person, version: answers_of(person, [1, 2, 3]),
        lambda person, version: last_seen(person),
        lambda person, version: assets_done(person, {version.asset_id: version.pk}),
    ],
)
def test_reading_of_one_person_is_one_query(
    library: Library, alice: User, query: object, django_assert_num_queries: object
) -> None:
    version = library.version("a")
    with django_assert_num_queries(1):  # type: ignore[operator]
        query(alice.pk, version)  # type: ignore[operator]


@pytest.mark.django_db(transaction=True)
def test_listeners_hear_of_it_when_it_is_committed(library: Library, alice: User, refunds: Team) -> None:
    version = library.version("a", {"limit": "?"})
    listener = connections.create_connection("default")
    try:
        with listener.cursor() as cursor:
            cursor.execute("LISTEN learningops_rollup")
        wire = listener.connection
        with transaction.atomic():
            record(
                [
                    Event(
                        verb="answered",
                        person_id=alice.pk,
                        version_id=version.pk,
                        check_id=check_of(version).pk,
                        right=True,
                    )
                ]
            )
            wire.poll()
            assert wire.notifies == []
        select.select([wire], [], [], 10)
        wire.poll()
        (told,) = [json.loads(n.payload) for n in wire.notifies]
        assert told == {
            "versions": [version.pk],
            "teams": [refunds.pk],
            "outcomes": [library.outcomes["issue"].pk],
        }
    finally:
        listener.close()
