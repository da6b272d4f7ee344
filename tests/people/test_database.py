"""What the database itself refuses, tried with raw SQL."""

import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from people.actions.audit import write_audit
from people.capabilities import DEFAULT_GROUPS
from people.models import AuditEntry, GroupCapability, Team
from tests.factories import TeamFactory, small_house


def run_sql(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE people_auditentry SET action = 'x'", "DELETE FROM people_auditentry"])
def test_the_audit_trail_is_append_only(sql):
    write_audit(actor=None, action="team.moved", object_type="team", object_key="refunds")
    with pytest.raises(IntegrityError, match="append-only"):
        run_sql(sql)
    assert AuditEntry.objects.get().action == "team.moved"


@pytest.mark.django_db
def test_an_audit_entry_carries_its_transaction():
    entry = write_audit(actor=None, action="team.moved", object_type="team", object_key="refunds")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
    entry.refresh_from_db()
    assert entry.transaction_id == int(now)
    assert AuditEntry.objects.filter(transaction_id__lte=int(now), transaction_id__gt=int(now) - 1).count() == 1


@pytest.mark.django_db
def test_a_team_is_never_part_of_itself():
    house = small_house()
    with pytest.raises(IntegrityError):
        run_sql(f"UPDATE people_team SET parent_id = id WHERE id = {house.support.pk}")
    with pytest.raises(IntegrityError, match="below itself"):
        run_sql(f"UPDATE people_team SET parent_id = {house.refunds.pk} WHERE id = {house.support.pk}")


@pytest.mark.django_db
def test_one_statement_may_turn_a_branch_over():
    house = small_house()
    run_sql(
        f"UPDATE people_team SET parent_id = CASE WHEN id = {house.refunds.pk} THEN NULL ELSE {house.refunds.pk} END "
        f"WHERE id IN ({house.support.pk}, {house.refunds.pk})"
    )
    assert Team.objects.get(pk=house.support.pk).parent_id == house.refunds.pk


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_cycle():
    one, two = TeamFactory(), TeamFactory()
    refused: list[Exception] = []
    moved_first = threading.Event()

    def move_second() -> None:
        moved_first.wait(10)
        try:
            run_sql(f"UPDATE people_team SET parent_id = {one.pk} WHERE id = {two.pk}")
        except IntegrityError as error:
            refused.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=move_second)
    other.start()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_team SET parent_id = %s WHERE id = %s", [two.pk, one.pk])
        moved_first.set()
        other.join(0.3)  # it waits for the lock that this transaction holds
        assert other.is_alive()
    other.join(10)
    assert len(refused) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO people_groupcapability (group_id, capability) SELECT id, 'rule_the_world' FROM auth_group LIMIT 1",
        "INSERT INTO people_groupcapability SELECT * FROM people_groupcapability",
        "INSERT INTO people_attributedefinition (key, label, type, sensitive) VALUES ('a', 'A', 'colour', false)",
    ],
)
def test_unknown_capabilities_and_types_are_refused(sql):
    with pytest.raises(IntegrityError):
        run_sql(sql)


@pytest.mark.django_db
def test_a_new_installation_has_the_groups_of_the_design():
    given: dict[str, set[str]] = {name: set() for name in DEFAULT_GROUPS}
    for name, capability in GroupCapability.objects.values_list("group__name", "capability"):
        given[name].add(capability)
    assert given == {name: {c.value for c in capabilities} for name, capabilities in DEFAULT_GROUPS.items()}


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", "people", "--check", "--dry-run", verbosity=0)
