"""Actions on people, teams, groups, attributes and tokens: what they write, refuse and leave in the trail."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from people.actions.attributes import declare_attribute, update_attribute, withdraw_attribute
from people.actions.groups import delete_group, save_group
from people.actions.people import create_person, deactivate_person, grant_groups, reactivate_person, update_person
from people.actions.teams import create_team, delete_team, move_team, rename_team, set_managers
from people.actions.tokens import create_token, revoke_token
from people.capabilities import Capability
from people.models import ApiToken, AuditEntry, User
from people.models.token import token_digest
from tests.factories import PersonFactory, TeamFactory, default_group, small_house

pytestmark = pytest.mark.django_db


def last_audit() -> tuple[str, str, dict]:
    entry = AuditEntry.objects.first()
    assert entry
    return entry.action, entry.object_key, entry.data


def test_create_person_checks_and_records(django_assert_max_num_queries):
    declare_attribute(actor=None, key="slack_id", label="Slack", value_type="text")
    team, smes = TeamFactory(), default_group("SMEs")
    with django_assert_max_num_queries(11):  # the 7 of the docstring and two savepoints
        person = create_person(
            actor=None,
            username="nia",
            email="nia@example.com",
            team=team,
            timezone="Europe/London",
            attributes={"slack_id": "U1"},
            groups=[smes],
        )
    person = User.objects.get(pk=person.pk)
    assert person.team == team
    assert person.attributes == {"slack_id": "U1"}
    assert person.can(Capability.SUGGEST)
    assert not person.has_usable_password()
    assert last_audit() == ("person.created", str(person.pk), {"groups": ["SMEs"]})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "has space"}, "username"),
        ({"username": ""}, "username"),
        ({"email": "not an address"}, "email"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"attributes": {"unknown": 1}}, "attributes"),
    ],
)
def test_create_person_refuses(fields, field):
    with pytest.raises(ValidationError) as caught:
        create_person(actor=None, **{"username": "nia", **fields})
    assert field in caught.value.message_dict
    assert not User.objects.exists()


def test_a_username_is_given_once():
    PersonFactory(username="nia")
    with pytest.raises(ValidationError) as caught:
        create_person(actor=None, username="nia")
    assert "username" in caught.value.message_dict


def test_update_person_names_fields_and_no_values_in_the_trail(django_assert_max_num_queries):
    person = PersonFactory(username="nia", region="EMEA")
    with django_assert_max_num_queries(7):
        update_person(actor=None, person_id=person.pk, region="APAC", email="secret@example.com")
    person.refresh_from_db()
    assert person.region == "APAC"
    assert last_audit() == ("person.updated", str(person.pk), {"changed": ["email", "region"]})
    count = AuditEntry.objects.count()
    update_person(actor=None, person_id=person.pk, region="APAC")
    assert AuditEntry.objects.count() == count


def test_deactivating_closes_and_reactivating_opens():
    PersonFactory(role="operator")
    person = PersonFactory(role="lead")
    deactivate_person(actor=None, person_id=person.pk)
    closed = User.objects.get(pk=person.pk)
    assert not closed.is_active
    assert closed.capabilities == frozenset()
    reactivate_person(actor=None, person_id=person.pk)
    assert User.objects.get(pk=person.pk).can(Capability.RELEASE_ALL)
    assert list(AuditEntry.objects.values_list("action", flat=True)[:2]) == [
        "person.reactivated",
        "person.deactivated",
    ]


def test_there_is_always_an_operator():
    only = PersonFactory(role="operator")
    with pytest.raises(ValidationError, match="Nobody would be left"):
        deactivate_person(actor=None, person_id=only.pk)
    with pytest.raises(ValidationError, match="Nobody would be left"):
        grant_groups(actor=only, person_id=only.pk, groups=[])
    operators = Group.objects.get(name="Operators")
    with pytest.raises(ValidationError, match="Nobody would be left"):
        save_group(actor=only, group_id=operators.pk, name="Operators", capabilities=[])
    assert User.objects.get(pk=only.pk).can(Capability.OPERATE)


def test_nobody_deactivates_themselves():
    PersonFactory(role="operator")
    one = PersonFactory(role="operator")
    with pytest.raises(ValidationError, match="your own"):
        deactivate_person(actor=one, person_id=one.pk)


def test_grant_groups_records_before_and_after():
    PersonFactory(role="operator")
    person = PersonFactory(role="learner")
    grant_groups(actor=None, person_id=person.pk, groups=[default_group("SMEs")])
    assert User.objects.get(pk=person.pk).can(Capability.REVIEW)
    assert last_audit()[2] == {"groups": ["SMEs"], "before": ["Learners"]}


def test_groups_are_made_changed_and_deleted_when_empty():
    group = save_group(actor=None, name="Pilots", capabilities=[Capability.SUGGEST])
    person = PersonFactory()
    person.groups.add(group)
    save_group(actor=None, group_id=group.pk, name="Pilots", capabilities=[Capability.REVIEW])
    assert User.objects.get(pk=person.pk).capabilities == {Capability.REVIEW}
    with pytest.raises(ValidationError, match="1 people"):
        delete_group(actor=None, group_id=group.pk)
    person.groups.clear()
    delete_group(actor=None, group_id=group.pk)
    assert not Group.objects.filter(name="Pilots").exists()


def test_teams_move_but_never_below_themselves():
    house = small_house()
    with pytest.raises(ValidationError) as caught:
        move_team(actor=None, team_id=house.support.pk, parent_id=house.refunds.pk)
    assert "parent" in caught.value.message_dict
    with pytest.raises(ValidationError):
        move_team(actor=None, team_id=house.support.pk, parent_id=house.support.pk)
    move_team(actor=None, team_id=house.refunds.pk, parent_id=house.sales.pk)
    assert last_audit()[0:2] == ("team.moved", "refunds")
    rename_team(actor=None, team_id=house.refunds.pk, name="Money back")
    set_managers(actor=None, team_id=house.sales.pk, managers=[house.cleo, house.ada])
    assert set(house.sales.managers.all()) == {house.cleo, house.ada}
    assert last_audit()[0] == "team.managers_set"


def test_a_team_is_deleted_only_when_empty():
    house = small_house()
    with pytest.raises(ValidationError, match="teams below"):
        delete_team(actor=None, team_id=house.support.pk)
    with pytest.raises(ValidationError, match="people in it"):
        delete_team(actor=None, team_id=house.refunds.pk)
    delete_team(actor=None, team_id=house.sales.pk)
    team = create_team(actor=None, key="sales", name="Sales again", parent=house.support, managers=[house.ada])
    assert list(team.managers.all()) == [house.ada]
    with pytest.raises(ValidationError):
        create_team(actor=None, key="sales", name="Twice")


def test_attributes_keep_their_type_while_somebody_has_a_value():
    definition = declare_attribute(actor=None, key="desk", label="Desk", value_type="number")
    person = create_person(actor=None, username="nia", attributes={"desk": 4})
    with pytest.raises(ValidationError) as caught:
        update_attribute(actor=None, definition_id=definition.pk, label="Desk", sensitive=True, value_type="text")
    assert "type" in caught.value.message_dict
    update_attribute(actor=None, definition_id=definition.pk, label="Desk number", sensitive=True)
    withdraw_attribute(actor=None, definition_id=definition.pk)
    person.refresh_from_db()
    assert person.attributes == {}
    assert last_audit()[2] == {"people": 1}


@pytest.mark.parametrize(
    ("value_type", "value"),
    [("number", "4"), ("number", True), ("text", 4), ("date", "24/11/2026"), ("boolean", "yes"), ("version", "v4")],
)
def test_an_attribute_takes_only_its_type(value_type, value):
    declare_attribute(actor=None, key="thing", label="Thing", value_type=value_type)
    with pytest.raises(ValidationError):
        create_person(actor=None, username="nia", attributes={"thing": value})


def test_a_token_is_kept_as_a_digest_and_revoked_once():
    person = PersonFactory()
    row, token = create_token(actor=person, user=person, name="HR sync")
    kept = ApiToken.objects.get()
    assert kept.digest == token_digest(token)
    assert token not in str(AuditEntry.objects.values())
    revoke_token(actor=person, token_id=row.pk)
    first = ApiToken.objects.get().revoked_at
    revoke_token(actor=person, token_id=row.pk)
    assert ApiToken.objects.get().revoked_at == first
    with pytest.raises(ValidationError):
        create_token(actor=None, user=person, name=" ")
    person.is_active = False
    with pytest.raises(ValidationError, match="deactivated"):
        create_token(actor=None, user=person, name="late")
