"""The administration of people, through its pages."""

import io

import pytest
from django.urls import reverse

from people.actions.attributes import declare_attribute
from people.actions.audit import write_audit
from people.capabilities import Capability
from people.models import ApiToken, AttributeDefinition, AuditEntry, Team, User
from people.models.token import token_digest
from tests.factories import PersonFactory, TeamFactory, default_group

pytestmark = pytest.mark.django_db

PERSON = {
    "username": "nia",
    "first_name": "Nia",
    "last_name": "Hall",
    "email": "nia@example.com",
    "is_active": "on",
    "locale": "en-GB",
    "timezone": "Europe/London",
}


@pytest.fixture
def operator():
    return PersonFactory(username="olu", role="operator")


@pytest.fixture
def pages(client, operator):
    client.force_login(operator)
    return client


def refused(response, words: str) -> None:
    assert response.status_code == 200
    assert words in response.content.decode()


def test_people_are_made_and_changed_with_their_attributes_and_groups(pages, operator):
    team = TeamFactory()
    declare_attribute(actor=None, key="desk", label="Desk", value_type="number")
    smes = default_group("SMEs")
    given = {**PERSON, "team": team.pk, "groups": [smes.pk], "attribute_desk": "4"}
    assert pages.post(reverse("admin:people_user_add"), given).status_code == 302
    nia = User.objects.get(username="nia")
    assert (nia.team, nia.attributes) == (team, {"desk": 4})
    assert nia.can(Capability.REVIEW)
    assert not nia.has_usable_password()
    change = reverse("admin:people_user_change", args=[nia.pk])
    page = pages.get(change).content.decode()
    assert 'name="attribute_desk" value="4"' in page
    answer = pages.post(change, {**given, "region": "EMEA", "groups": [], "attribute_desk": "", "is_active": ""})
    assert answer.status_code == 302
    nia = User.objects.get(pk=nia.pk)
    assert (nia.region, nia.attributes, nia.is_active, nia.groups.count()) == ("EMEA", {}, False, 0)
    trail = AuditEntry.objects.filter(object_key=str(nia.pk)).values_list("action", "actor__username")
    assert list(trail) == [
        ("person.deactivated", "olu"),
        ("person.groups_set", "olu"),
        ("person.updated", "olu"),
        ("person.created", "olu"),
    ]


def test_what_an_action_refuses_is_shown_in_the_form(pages, operator):
    declare_attribute(actor=None, key="desk", label="Desk", value_type="number")
    refused(pages.post(reverse("admin:people_user_add"), {**PERSON, "attribute_desk": "four"}), "is not a number")
    refused(pages.post(reverse("admin:people_user_add"), {**PERSON, "timezone": "Mars"}), "is not a time zone")
    assert not User.objects.filter(username="nia").exists()
    change = reverse("admin:people_user_change", args=[operator.pk])
    answer = pages.post(change, {**PERSON, "username": "olu", "region": "EMEA", "groups": []})
    refused(answer, "Nobody would be left who manages people")
    operator.refresh_from_db()
    assert operator.region == ""  # the whole save was undone
    assert User.objects.get(pk=operator.pk).can(Capability.OPERATE)


def test_a_password_is_set_and_recorded(pages):
    nia = PersonFactory(username="nia")
    page = reverse("admin:auth_user_password_change", args=[nia.pk])
    assert pages.get(page).status_code == 200
    given = {"usable_password": "true", "password1": "a-long-new-password", "password2": "a-long-new-password"}
    assert pages.post(page, {**given, "set-password": "1"}).status_code == 302
    nia.refresh_from_db()
    assert nia.check_password("a-long-new-password")
    assert AuditEntry.objects.filter(action="person.password_set", object_key=str(nia.pk)).exists()


def test_chosen_people_are_deactivated_together_or_not_at_all(pages, operator):
    nia = PersonFactory(username="nia")
    changelist = reverse("admin:people_user_changelist")
    chosen = {"action": "deactivate", "_selected_action": [nia.pk, operator.pk]}
    assert "your own account" in pages.post(changelist, chosen, follow=True).content.decode()
    assert User.objects.get(pk=nia.pk).is_active
    pages.post(changelist, {**chosen, "_selected_action": [nia.pk]})
    assert not User.objects.get(pk=nia.pk).is_active
    assert pages.get(reverse("admin:people_user_delete", args=[nia.pk])).status_code == 403


def test_teams_are_made_moved_and_deleted_when_empty(pages):
    support = TeamFactory(key="support", name="Support")
    add = reverse("admin:people_team_add")
    assert pages.post(add, {"key": "refunds", "name": "Refunds", "parent": support.pk}).status_code == 302
    refunds = Team.objects.get(key="refunds")
    assert refunds.parent == support
    change = reverse("admin:people_team_change", args=[support.pk])
    refused(pages.post(change, {"name": "Support", "parent": refunds.pk}), "which is below it")
    refused(pages.post(change, {"name": "Help", "managers": "olu, nobody"}), "Nobody has the username nobody.")
    assert pages.post(change, {"name": "Help", "parent": "", "managers": "olu"}).status_code == 302
    support = Team.objects.get(pk=support.pk)
    assert (support.name, [person.username for person in support.managers.all()]) == ("Help", ["olu"])
    assert 'name="managers" value="olu"' in pages.get(change).content.decode()
    assert pages.get(reverse("admin:people_team_delete", args=[support.pk])).status_code == 403
    pages.post(reverse("admin:people_team_delete", args=[refunds.pk]), {"post": "yes"})
    assert not Team.objects.filter(key="refunds").exists()
    assert AuditEntry.objects.first().action == "team.deleted"


def test_groups_say_what_people_may(pages, operator):
    add = reverse("admin:auth_group_add")
    assert pages.post(add, {"name": "Pilots", "capabilities": ["suggest", "observe"]}).status_code == 302
    group = default_group("Pilots")
    assert {link.capability for link in group.capabilities.all()} == {"suggest", "observe"}
    change = reverse("admin:auth_group_change", args=[default_group("Operators").pk])
    assert pages.get(change).context["adminform"].form["capabilities"].value() == ["operate"]
    refused(pages.post(change, {"name": "Operators", "capabilities": []}), "Nobody would be left")
    assert "manage people" in pages.get(reverse("admin:auth_group_changelist")).content.decode()


def test_attributes_are_declared_and_withdrawn(pages):
    add = reverse("admin:people_attributedefinition_add")
    assert pages.post(add, {"key": "desk", "label": "Desk", "type": "number"}).status_code == 302
    definition = AttributeDefinition.objects.get()
    PersonFactory(attributes={"desk": 4})
    change = reverse("admin:people_attributedefinition_change", args=[definition.pk])
    refused(pages.post(change, {"label": "Desk", "type": "text"}), "People have values")
    pages.post(reverse("admin:people_attributedefinition_delete", args=[definition.pk]), {"post": "yes"})
    assert not User.objects.exclude(attributes={}).exists()


def test_a_token_is_shown_once_and_its_digest_never(pages):
    nia = PersonFactory(username="nia")
    answer = pages.post(reverse("admin:people_apitoken_add"), {"user": "nia", "name": "HR sync"})
    row = ApiToken.objects.get()
    assert row.user == nia
    refused(pages.post(reverse("admin:people_apitoken_add"), {"user": "nobody", "name": "x"}), "Nobody active")
    shown = answer.context["token"]
    assert token_digest(shown) == row.digest
    assert shown in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    changelist = reverse("admin:people_apitoken_changelist")
    for page in (changelist, reverse("admin:people_apitoken_change", args=[row.pk])):
        text = pages.get(page).content.decode()
        assert shown not in text
        assert row.digest not in text
    pages.post(changelist, {"action": "revoke", "_selected_action": [row.pk]})
    assert ApiToken.objects.get().revoked_at


def test_the_trail_is_read_and_never_written(pages, operator):
    entry = write_audit(
        actor=operator, action="release.shipped", object_type="release", object_key="4", data={"version": 3}
    )
    page = pages.get(reverse("admin:people_auditentry_changelist") + "?object_type=release")
    assert "release.shipped" in page.content.decode()
    change = reverse("admin:people_auditentry_change", args=[entry.pk])
    assert "&quot;version&quot;: 3" in pages.get(change).content.decode()
    assert pages.post(change, {"action": "nothing"}).status_code == 403
    assert pages.get(reverse("admin:people_auditentry_add")).status_code == 403


def test_the_import_page_tries_says_and_does(pages):
    TeamFactory(key="refunds")
    page = reverse("admin:people_user_import")
    assert "<code>job_role</code>" in pages.get(page).content.decode()

    def send(text: str, do: str):
        return pages.post(page, {"file": io.BytesIO(text.encode()), "do": do})

    good = "username,email,first_name,last_name,team,job_role,region\nnia,nia@example.com,Nia,Hall,refunds,,\n"
    wrong = send(good.replace("refunds", "nowhere"), "import")
    assert wrong.status_code == 400
    assert "Line 2, team: No team has the key “nowhere”." in wrong.content.decode()
    tried = send(good, "try").content.decode()
    assert "1 made, 0 changed" in tried
    assert not User.objects.filter(username="nia").exists()
    assert send(good, "import").status_code == 302
    assert User.objects.filter(username="nia").exists()


@pytest.mark.parametrize("role", ["learner", "sme", "manager", "author", "lead"])
def test_only_operators_get_in(client, role):
    client.force_login(PersonFactory(role=role))
    for name in ("people_user_changelist", "people_user_import", "people_user_add", "auth_group_changelist"):
        answer = client.get(reverse(f"admin:{name}"))
        assert answer.status_code in {302, 403}, name


def test_lists_keep_their_query_count(pages, django_assert_max_num_queries):
    for name in ("people_user", "people_team", "auth_group"):
        PersonFactory.create_batch(3, team=TeamFactory(), role="sme")
        url = reverse(f"admin:{name}_changelist")
        pages.get(url)
        with django_assert_max_num_queries(14) as few:
            pages.get(url)
        before = len(few.captured_queries)
        for _n in range(5):
            PersonFactory.create_batch(4, team=TeamFactory(), role="sme")
        with django_assert_max_num_queries(before):
            pages.get(url)
