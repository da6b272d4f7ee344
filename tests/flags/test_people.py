"""Contexts, members, sentences and previews: what is read, and how much of it is shown to whom."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from flags.actions.audiences import create_audience
from flags.engine import EVERYONE, Context, parse_rule
from flags.models import Audience
from flags.policies import audience_for_edit, audiences_for, flags_for
from flags.queries import (
    audience_sentence,
    context_for,
    contexts_for,
    count_members,
    preview,
    read_rule,
    rule_sentence,
    sample_members,
    schema,
)
from people.capabilities import Capability
from people.models import AttributeDefinition, GroupCapability, Team, User

pytestmark = pytest.mark.django_db


def person(username: str, *capabilities: Capability) -> User:
    user = User.objects.create(username=username, first_name=username.title(), last_name="Person")
    if capabilities:
        group = Group.objects.create(name=f"of {username}")
        GroupCapability.objects.bulk_create(GroupCapability(group=group, capability=one) for one in capabilities)
        user.groups.add(group)
    return user


@pytest.fixture
def teams() -> dict[str, Team]:
    company = Team.objects.create(key="company", name="Company")
    support = Team.objects.create(key="support", name="Support", parent=company)
    refunds = Team.objects.create(key="refunds", name="Refunds", parent=support)
    return {"company": company, "support": support, "refunds": refunds}


def crowd(number: int, **facts: object) -> list[User]:
    users = [User(username=f"u{place:02}", first_name=f"N{place:02}", **facts) for place in range(number)]
    return User.objects.bulk_create(users)


def test_a_context_is_one_query(teams: dict[str, Team], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    amara = User.objects.create(
        username="amara",
        team=teams["refunds"],
        job_role="Support agent",
        region="EMEA",
        start_date=date(2026, 11, 16),
        attributes={"badge": "gold"},
    )
    amara.groups.add(*(Group.objects.create(name=name) for name in ("Night shift", "Pilot")))
    with django_assert_num_queries(1):
        context = context_for(amara, date(2026, 11, 23))
    assert context == Context(
        person_id=amara.pk,
        username="amara",
        unit=str(amara.pseudonym),
        today=date(2026, 11, 23),
        team_keys=("refunds", "support", "company"),
        job_role="Support agent",
        region="EMEA",
        locale="en-GB",
        start_date=date(2026, 11, 16),
        groups=frozenset({"Night shift", "Pilot"}),
        attributes={"badge": "gold"},
    )
    people = crowd(30, team=teams["support"])
    with django_assert_num_queries(1):
        assert len(contexts_for([one.pk for one in people])) == 30
    amara.delete()
    with pytest.raises(User.DoesNotExist):
        context_for(User(pk=10**9))


def test_members_are_counted_and_sampled(
    teams: dict[str, Team], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    crowd(12, team=teams["refunds"], region="EMEA")
    User.objects.create(username="gone", team=teams["refunds"], is_active=False)
    rule = parse_rule({"team": "company"}, schema())
    with django_assert_num_queries(1):
        assert count_members(rule) == 12
    with django_assert_num_queries(1):
        assert [member.username for member in sample_members(rule, 3)] == ["u00", "u01", "u02"]
    pattern = parse_rule({"attribute": "region", "op": "matches", "value": "^E"}, schema())
    with django_assert_num_queries(2):
        assert count_members(pattern) == 12


def test_sentences_use_names(teams: dict[str, Team], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    AttributeDefinition.objects.create(key="badge", label="badge colour", type="text")
    person("amara")
    data = {
        "all": [
            {"team": "refunds"},
            {"attribute": "badge", "op": "is", "value": "gold"},
            {"none": [{"person": "amara"}]},
        ]
    }
    rule = read_rule(data)
    with django_assert_num_queries(3):
        said = rule_sentence(rule)
    assert said == "People on Refunds, whose badge colour is gold, except those named Amara Person"
    audience = create_audience(actor=None, name="x", rule=rule)
    AttributeDefinition.objects.all().delete()
    assert audience_sentence(audience) == (
        "Nobody, because the rule can no longer be read: There is no attribute “badge”."
    )


def test_small_counts_are_withheld_from_who_may_not_see_figures_by_person() -> None:
    lead = person("lead", Capability.EDIT_AUDIENCES)
    manager = person("manager", Capability.RELEASE, Capability.FIGURES_BY_PERSON)
    crowd(4, region="EMEA")
    rule = read_rule({"region": "EMEA"})
    seen = preview(lead, rule)
    assert (seen.count.number, seen.count.text, seen.sample) == (None, "fewer than 5 people", ())
    assert preview(manager, rule).count.number == 4
    assert preview(lead, read_rule({"region": "APAC"})).count.text == "fewer than 5 people"
    User.objects.create(username="fifth", region="EMEA")
    seen = preview(lead, rule)
    assert (seen.count.number, seen.count.text, len(seen.sample)) == (5, "5 people", 5)


def test_a_sensitive_attribute_moves_in_steps_of_five_and_names_nobody() -> None:
    AttributeDefinition.objects.create(key="leave", label="Parental leave", type="boolean", sensitive=True)
    boss = person("boss", *Capability)
    crowd(9, attributes={"leave": True})
    rule = read_rule({"attribute": "leave", "op": "is", "value": True})
    seen = preview(boss, rule)
    assert (seen.count.number, seen.count.exact, seen.sample) == (5, False, ())
    User.objects.filter(username__gte="u03", username__lte="u99").delete()
    assert preview(boss, rule).count.number is None


def test_who_may_look_and_who_may_edit() -> None:
    audience = create_audience(actor=None, name="x", rule=EVERYONE)
    lead = person("lead", Capability.EDIT_AUDIENCES)
    author = person("author", Capability.RELEASE)
    learner = person("learner")
    for user in (lead, author):
        assert list(audiences_for(user)) == [audience]
        assert list(flags_for(user)) == []
    with pytest.raises(PermissionDenied, match="right to release"):
        audiences_for(learner)
    assert audience_for_edit(lead, audience.pk) == audience
    with pytest.raises(PermissionDenied):
        audience_for_edit(author, audience.pk)
    with pytest.raises(Http404):
        audience_for_edit(lead, audience.pk + 1)
    assert Audience.objects.count() == 1
