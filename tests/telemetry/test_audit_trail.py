"""The audit trail becomes statements: all of it, once, whatever the order of the commits."""

import pytest
from django.db import connection, connections, transaction

from people.actions.audit import write_audit
from people.models import AuditEntry, User
from telemetry.actions.audit_trail import follow_audit_trail
from telemetry.models import Rollup, Statement, Verb
from tests.harness.waiting import wait_until
from tests.telemetry.conftest import Library

pytestmark = pytest.mark.django_db(transaction=True)


def verbs() -> list[str]:
    names = dict(Verb.objects.values_list("id", "iri"))
    return [names[v].rpartition(":")[2] for v in Statement.objects.order_by("seq").values_list("verb_id", flat=True)]


def wait_for_the_others() -> None:
    """Until no transaction of this server, in other databases of this run too, is older than the newest entry."""

    def behind_us() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT NOT EXISTS (SELECT FROM people_auditentry"
                " WHERE transaction_id >= pg_snapshot_xmin(pg_current_snapshot()))"
            )
            return bool(cursor.fetchone()[0])

    wait_until(behind_us, 60)


def test_entries_become_statements_once(library: Library, alice: User) -> None:
    version = library.version("refunds/partial")
    write_audit(
        actor=alice,
        action="review_flag.raised",
        object_type="asset",
        object_key="refunds/partial",
        data={
            "asset": "refunds/partial",
            "asset_id": version.asset_id,
            "version_id": version.pk,
            "kind": "wrong",
            "text": "Ask Alice Smith",
        },
    )
    write_audit(actor=None, action="release.shipped", object_type="release", object_key="1")
    write_audit(actor=alice, action="person.updated", object_type="person", object_key=str(alice.pk))
    wait_for_the_others()
    assert follow_audit_trail() == AuditEntry.objects.count()
    assert follow_audit_trail() == 0
    assert verbs() == ["review_flag.raised", "person.updated"], "delivery records releases itself"
    flag, about_person = Statement.objects.order_by("seq")
    assert (flag.kind, flag.version_id, flag.actor_id) == ("flag", version.pk, alice.pseudonym)
    assert Rollup.objects.get().review_flags == 1
    assert "Smith" not in str(flag.raw)
    assert about_person.raw["object"]["id"].endswith(f":person:{alice.pseudonym}")


def test_an_entry_that_commits_late_is_not_lost(library: Library, alice: User) -> None:
    late = connections.create_connection("default")
    try:
        late.set_autocommit(False)
        with late.cursor() as cursor:  # takes the lower ids, and stays open
            cursor.execute(
                "INSERT INTO people_auditentry (action, object_type, object_key, data)"
                " VALUES ('asset.early', 'asset', 'x', '{}')"
            )
        write_audit(actor=alice, action="asset.late", object_type="asset", object_key="y")
        assert follow_audit_trail() == 0, "nothing at or above an open transaction"
        late.commit()
    finally:
        late.close()
    wait_for_the_others()
    assert follow_audit_trail() == 2
    assert verbs() == ["asset.early", "asset.late"]


def test_two_followers_do_not_wait_for_each_other(alice: User) -> None:
    write_audit(actor=alice, action="asset.made", object_type="asset", object_key="y")
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM telemetry_trailmark FOR UPDATE")
        assert follow_audit_trail() == 0
    finally:
        other.close()


def test_a_follower_that_dies_halfway_leaves_nothing_behind(alice: User) -> None:
    write_audit(actor=alice, action="asset.made", object_type="asset", object_key="y")
    wait_for_the_others()
    with transaction.atomic():
        assert follow_audit_trail() == 1
        transaction.set_rollback(True)
    assert not Statement.objects.exists()
    assert follow_audit_trail() == 1
    with connection.cursor() as cursor:  # even with the mark lost, nothing is written twice
        cursor.execute("UPDATE telemetry_trailmark SET transaction_id = 0, entry_id = 0")
    follow_audit_trail()
    assert Statement.objects.count() == 1


def test_a_long_trail_is_followed_in_bounded_steps(alice: User) -> None:
    for n in range(7):
        write_audit(actor=alice, action="asset.made", object_type="asset", object_key=str(n))
    wait_for_the_others()
    assert [follow_audit_trail(limit=3) for _ in range(4)] == [3, 3, 1, 0]
