"""Flags: what the actions do, record and lock; what the database refuses; and that waffle has no way round."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries
from waffle import flag_is_active, get_waffle_flag_model

from flags.actions.audiences import create_audience, update_audience
from flags.actions.epoch import raise_epoch
from flags.actions.flags import NewFlag, create_flag, create_flags, kill_flag, revive_flag, set_percentage
from flags.engine import EVERYONE, NOBODY, AnyOf, Condition, Reason, bucket, parse_rule
from flags.engine.fields import BUILTINS, Schema
from flags.models import Audience, Flag
from flags.queries import InvalidRuleError, current_epoch, flag_specs
from people.models import AttributeDefinition, AuditEntry, User

pytestmark = pytest.mark.django_db
EMEA = Condition(BUILTINS["region"], "is", "EMEA")


@pytest.fixture
def lead() -> User:
    return User.objects.create(username="lena", first_name="Lena", last_name="Lead")


@pytest.fixture
def amara() -> User:
    return User.objects.create(username="amara", first_name="Amara", last_name="Learner", region="EMEA")


def trail() -> list[tuple[str, dict[str, Any]]]:
    return [(entry.action, entry.data) for entry in AuditEntry.objects.order_by("id")]


# --- actions --------------------------------------------------------------------------------------


def test_a_flag_with_a_rule_of_its_own(lead: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    before = current_epoch()
    with django_assert_num_queries(5 + 2):  # and the savepoint of the test's own transaction
        flag = create_flag(actor=lead, name="release:refunds:v3", rule=EMEA, percentage_hundredths=5_000)
    assert flag.audience.rule == {"attribute": "region", "op": "is", "value": "EMEA"}
    assert current_epoch() > before
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.object_key) == (lead, "flag.created", "release:refunds:v3")
    assert entry.data["percentage_hundredths"] == 5_000


def test_many_flags_cost_as_many_queries_as_two(lead: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rules = [{"region": "EMEA"}, {"all": []}]
    for number in (2, 300):
        specs = [NewFlag(f"{number}:{place}", rules[place % 2]) for place in range(number)]
        with django_assert_num_queries(5 + 1 + 2):  # and reading the rules; and the savepoint
            flags = create_flags(actor=lead, specs=specs)
        assert [flag.name for flag in flags] == [spec.name for spec in specs]
        assert len({flag.audience_id for flag in flags}) == 2
        assert len({flag.salt for flag in flags}) == number
    assert create_flags(actor=lead, specs=[]) == []


def test_one_version_released_twice_gets_two_names(lead: User) -> None:
    first = create_flag(actor=lead, name="release:x:v1", rule=EVERYONE)
    second, third = create_flags(actor=lead, specs=[NewFlag("release:x:v1", EVERYONE)] * 2)
    assert first.name == "release:x:v1"
    assert second.name == f"release:x:v1#{second.salt[:8]}"
    assert third.name == f"release:x:v1#{third.salt[:8]}"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (NewFlag("", EVERYONE), "1 to 250 characters"),
        (NewFlag("x" * 251, EVERYONE), "1 to 250 characters"),
        (NewFlag("x"), "Give one of the two"),
        (NewFlag("x", EVERYONE, audience_id=1), "Give one of the two"),
        (NewFlag("x", EVERYONE, -1), "Give 0 to 100"),
        (NewFlag("x", EVERYONE, 10_001), "100.01% is not a share"),
        (NewFlag("x", {"regoin": "EMEA"}), "rule.regoin: “regoin” is not a part of a rule. Did you mean “region”?"),
        (NewFlag("x", {"team": "nowhere"}), "no team with the key “nowhere”"),
        (NewFlag("x", {"attribute": "salary", "op": "is", "value": 1}), "There is no attribute “salary”."),
    ],
)
def test_a_flag_that_cannot_be_made_leaves_nothing(spec: NewFlag, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        create_flags(actor=None, specs=[NewFlag("good", EVERYONE), spec])
    assert said in " ".join(caught.value.messages)
    assert not Flag.objects.exists()
    assert not Audience.objects.exists()
    assert not AuditEntry.objects.exists()


def test_widening_and_narrowing_are_recorded_as_what_they_are(
    lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    flag = create_flag(actor=lead, name="f", rule=EVERYONE, percentage_hundredths=1_000)
    salt, epoch = flag.salt, current_epoch()
    with django_assert_num_queries(4 + 2):
        set_percentage(actor=lead, flag=flag, percentage_hundredths=5_000)
    set_percentage(actor=lead, flag=flag, percentage_hundredths=5_000)
    set_percentage(actor=lead, flag=flag, percentage_hundredths=2_500)
    with pytest.raises(ValidationError, match="Give 0 to 100"):
        set_percentage(actor=lead, flag=flag, percentage_hundredths=10_001)
    assert trail()[1:] == [
        ("flag.widened", {"flag_id": flag.pk, "from": 1_000, "to": 5_000}),
        ("flag.narrowed", {"flag_id": flag.pk, "from": 5_000, "to": 2_500}),
    ]
    flag.refresh_from_db()
    assert (flag.percentage_hundredths, flag.salt) == (2_500, salt)
    assert current_epoch() > epoch


def test_an_old_copy_of_a_flag_is_brought_up_to_date_under_the_lock(lead: User) -> None:
    flag = create_flag(actor=lead, name="f", rule=EVERYONE, percentage_hundredths=1_000)
    old = Flag.objects.get()
    set_percentage(actor=lead, flag=flag, percentage_hundredths=2_000)
    kill_flag(actor=lead, flag=old, reason="wrong limit")
    assert (old.percentage_hundredths, old.killed) == (2_000, True)
    assert trail()[-1] == ("flag.killed", {"flag_id": flag.pk, "reason": "wrong limit"})


def test_kill_and_revive(lead: User, amara: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    flag = create_flag(actor=lead, name="f", rule=EMEA)
    assert flag.is_active_for_user(amara)
    epoch = current_epoch()
    with django_assert_num_queries(4 + 2):
        kill_flag(actor=lead, flag=flag)
    assert current_epoch() > epoch
    assert flag.decision_for(amara).reason is Reason.KILLED
    kill_flag(actor=lead, flag=flag)
    revive_flag(actor=lead, flag=flag)
    revive_flag(actor=lead, flag=flag)
    assert flag.is_active_for_user(amara)
    assert [action for action, _ in trail()] == ["flag.created", "flag.killed", "flag.revived"]


def test_audiences(lead: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(4 + 2):  # the key is looked up once
        audience = create_audience(actor=lead, name=" EMEA ", rule=EMEA, key="emea", shared=True)
    flag = create_flag(actor=lead, name="f", audience=audience)
    epoch = current_epoch()
    with django_assert_num_queries(4 + 2):
        update_audience(actor=lead, audience_id=audience.pk, rule=NOBODY)
    assert current_epoch() > epoch
    assert flag_specs([flag.pk])[flag.pk].rule == NOBODY
    update_audience(actor=lead, audience_id=audience.pk, name="EMEA", rule=NOBODY)
    action, data = trail()[-1]
    assert action == "audience.updated"
    assert data["rule"] == {"from": {"attribute": "region", "op": "is", "value": "EMEA"}, "to": {"any": []}}
    assert "name" not in data


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"name": "", "rule": EVERYONE}, "cannot be blank"),
        ({"name": "x", "rule": EVERYONE, "shared": True}, "needs a key"),
        ({"name": "x", "rule": EVERYONE, "key": "Two words"}, "valid “slug”"),
        ({"name": "x", "rule": EVERYONE, "key": "taken"}, "already exists"),
    ],
)
def test_an_audience_that_cannot_be_made(facts: dict[str, Any], said: str) -> None:
    create_audience(actor=None, name="Taken", rule=EVERYONE, key="taken")
    with pytest.raises(ValidationError, match=said):
        create_audience(actor=None, **facts)
    assert Audience.objects.count() == 1


def test_the_epoch_moves_with_declared_attributes_too() -> None:
    before = current_epoch()
    definition = AttributeDefinition.objects.create(key="badge", label="Badge", type="text")
    between = current_epoch()
    definition.type = "number"
    definition.save()
    assert len({before, between, current_epoch()}) == 3


def test_an_attribute_that_went_away_closes_the_flag(lead: User, amara: User) -> None:
    AttributeDefinition.objects.create(key="badge", label="Badge", type="text")
    rule = {"none": [{"attribute": "badge", "op": "is", "value": "gold"}]}
    flag = create_flag(actor=lead, name="f", rule=rule)
    assert flag.is_active_for_user(amara)
    AttributeDefinition.objects.all().delete()
    assert flag.decision_for(amara).reason is Reason.BROKEN
    with pytest.raises(InvalidRuleError):
        create_flag(actor=lead, name="g", rule=rule)


# --- what the database refuses --------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "percentage_hundredths = 10001",
        "percentage_hundredths = -1",
        "everyone = TRUE",
        "percent = 50",
        "testing = TRUE",
        "superusers = TRUE",
        "staff = TRUE",
        "authenticated = TRUE",
        "languages = 'en'",
        "rollout = TRUE",
        "salt = repeat('0', 32)",
        "audience_id = NULL",
    ],
)
def test_the_database_refuses(change: str) -> None:
    create_flag(actor=None, name="f", rule=EVERYONE)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE flags_flag SET {change}")


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO flags_flagepoch (id, version) VALUES (2, 1)",
        "UPDATE flags_audience SET shared = TRUE",
        "UPDATE flags_audience SET key = ''",
        "DELETE FROM flags_audience; SET CONSTRAINTS ALL IMMEDIATE",
    ],
)
def test_the_database_refuses_rows(row: str) -> None:
    create_flag(actor=None, name="f", rule=EVERYONE)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(row)


def test_the_salt_is_32_hex_characters() -> None:
    audience = create_audience(actor=None, name="x", rule=EVERYONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.create(name="f", audience=audience, salt="x" * 32)


# --- waffle ---------------------------------------------------------------------------------------


def test_waffle_answers_as_the_engine_decides(lead: User, amara: User) -> None:
    flag = create_flag(actor=lead, name="f", rule=EMEA, percentage_hundredths=5_000)
    amara.refresh_from_db()
    expected = bucket(flag.salt, "gate", str(amara.pseudonym)) < 50_000
    assert get_waffle_flag_model() is Flag
    request = RequestFactory().get("/")
    request.user = amara
    assert flag_is_active(request, "f") is expected is flag.is_active_for_user(amara)
    assert not hasattr(request, "waffles")  # so waffle's middleware would set no cookie
    request.user = lead
    assert flag_is_active(request, "f") is False


def test_nothing_but_the_person_decides(amara: User, settings: Any) -> None:
    settings.WAFFLE_OVERRIDE = True
    settings.WAFFLE_FLAG_DEFAULT = True
    flag = create_flag(actor=None, name="f", rule=NOBODY)
    flag.users.add(amara)
    boss = User.objects.create(username="boss", is_superuser=True, is_staff=True)
    for user in (amara, boss):
        request = RequestFactory().get("/?f=1&dwft_f=1", HTTP_DWFT_F="1", HTTP_COOKIE="dwf_f=True; dwft_f=True")
        request.user = user
        assert flag_is_active(request, "f") is False
        assert flag_is_active(request, "missing") is False
    assert not Flag.objects.filter(name="missing").exists()


def test_a_kill_wins_over_a_cached_copy(amara: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    flag = create_flag(actor=None, name="f", rule=EVERYONE)
    request = RequestFactory().get("/")
    request.user = amara
    with django_assert_num_queries(3):
        assert flag_is_active(request, "f")
    Flag.objects.filter(pk=flag.pk).update(everyone=False)  # not even an action: no flush, no epoch
    with django_assert_num_queries(1):
        assert flag_is_active(request, "f") is False


@pytest.mark.parametrize(
    "arguments",
    [
        ["waffle_flag", "f", "--everyone"],
        ["waffle_flag", "--list"],
        ["waffle_flag", "new", "--create", "--percent=50"],
        ["waffle_switch", "s", "on", "--create"],
        ["waffle_sample", "s", "50", "--create"],
        ["waffle_delete", "--flags", "f"],
    ],
)
def test_waffles_commands_are_off(arguments: list[str]) -> None:
    create_flag(actor=None, name="f", rule=NOBODY)
    before = list(Flag.objects.values())
    with pytest.raises(CommandError, match="commands are off"):
        call_command(*arguments)
    assert list(Flag.objects.values()) == before


# --- concurrency ----------------------------------------------------------------------------------


def test_the_epoch_belongs_into_a_transaction(transactional_db: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        raise_epoch()


def test_epochs_commit_in_order_and_each_is_new(transactional_db: None) -> None:
    flags = create_flags(actor=None, specs=[NewFlag(f"f{place}", EVERYONE) for place in range(4)])
    seen: list[int] = []

    def work(flag: Flag) -> None:
        try:
            for hundredths in (1, 2, 3):
                with transaction.atomic():
                    set_percentage(actor=None, flag=flag, percentage_hundredths=hundredths)
                    seen.append(current_epoch()[0])  # under the row's lock, so in commit order
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(flag,)) for flag in flags]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == sorted(set(seen))
    assert len(seen) == 12


def test_a_failed_change_leaves_the_epoch(transactional_db: None) -> None:
    flag = create_flag(actor=None, name="f", rule=EVERYONE)
    before = current_epoch()

    def kill_and_fail() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            kill_flag(actor=None, flag=flag)
            cursor.execute("SELECT 1/0")

    with pytest.raises(DatabaseError):
        kill_and_fail()
    assert current_epoch() == before
    assert not Flag.objects.get().killed
    assert [action for action, _ in trail()] == ["flag.created"]


def test_a_rule_object_is_taken_as_it_is() -> None:
    flag = create_flag(actor=None, name="f", rule=AnyOf((EMEA,)))
    assert parse_rule(flag.audience.rule, Schema()) == AnyOf((EMEA,))
