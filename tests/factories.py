"""People and teams for tests. Other rooms keep the factories of their own models in tests/<room>/factories.py."""

from dataclasses import dataclass
from typing import Any, Final

import factory
from django.contrib.auth.models import Group

from people.capabilities import DEFAULT_GROUPS
from people.models import GroupCapability, Team, User

PASSWORD: Final = "a-password-for-tests"

# The roles of DESIGN's table, and the groups that make them.
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "learner": ("Learners",),
    "sme": ("SMEs",),
    "author": ("Authors",),
    "lead": ("Leads",),
    "manager": ("Managers",),
    "operator": ("Operators",),
}


class TeamFactory(factory.django.DjangoModelFactory[Team]):
    class Meta:
        model = Team

    key = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n}")


class PersonFactory(factory.django.DjangoModelFactory[User]):
    """Somebody without groups. `PersonFactory(role="lead")` puts them into the groups of a role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.Sequence(lambda n: f"Person {n}")
    last_name = "Test"
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.com")
    password = factory.django.Password(PASSWORD)
    locale = "en-GB"

    @factory.post_generation
    def role(self: Any, create: bool, extracted: str | None, **_kwargs: Any) -> None:
        if create and extracted:
            self.groups.set([default_group(name) for name in ROLES[extracted]])


def default_group(name: str) -> Group:
    """The group of that name, with its capabilities, made again where a flush took it away."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        GroupCapability.objects.bulk_create(
            [GroupCapability(group=group, capability=c) for c in sorted(DEFAULT_GROUPS[name])]
        )
    return group


@dataclass(frozen=True)
class SmallHouse:
    """Three named people in a small tree: Ada writes, Bo learns on Refunds, Cleo manages Support and so Refunds."""

    support: Team
    refunds: Team
    sales: Team
    ada: User  # author and lead
    bo: User  # learner on Refunds
    cleo: User  # manager of Support


def small_house() -> SmallHouse:
    """Make the three people and their teams."""
    support = TeamFactory(key="support", name="Support")
    refunds = TeamFactory(key="refunds", name="Refunds", parent=support)
    sales = TeamFactory(key="sales", name="Sales")
    ada = PersonFactory(username="ada", first_name="Ada", last_name="Moss", role="lead")
    ada.groups.add(default_group("Authors"))
    bo = PersonFactory(username="bo", first_name="Bo", last_name="Reed", role="learner", team=refunds)
    cleo = PersonFactory(username="cleo", first_name="Cleo", last_name="Vane", role="manager", team=support)
    support.managers.add(cleo)
    return SmallHouse(support, refunds, sales, ada, bo, cleo)
