"""Make, change and deactivate people; give them groups."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypedDict, Unpack

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.actions.audit import write_audit
from people.capabilities import Capability
from people.models import AttributeDefinition, Team, User


class PersonFields(TypedDict, total=False):
    """What can be said about a person. `attributes` replaces the whole set, typed as declared."""

    username: str
    email: str
    first_name: str
    last_name: str
    team: Team | None
    job_role: str
    region: str
    locale: str
    timezone: str
    start_date: dt.date | None
    attributes: Mapping[str, object]


FIELDS: Final = frozenset(PersonFields.__annotations__)
# Checked elsewhere or never set by hand; `team` would cost a query for each person.
UNCHECKED: Final = frozenset({"password", "team", "last_login", "date_joined", "pseudonym"})


def checked_attributes(values: Mapping[str, object]) -> dict[str, Any]:
    """`values` by attribute key, each checked against its declared type, without what is not set.

    Raises ValidationError naming every unknown key and wrong value. 1 query, none for no values.
    """
    if not values:
        return {}
    declared = {d.key: d for d in AttributeDefinition.objects.all()}
    errors, checked = [], {}
    for key, value in values.items():
        if key not in declared:
            errors.append(_("No attribute “%(key)s” is declared.") % {"key": key})
            continue
        try:
            usable = declared[key].check_value(value)
        except ValidationError as error:
            errors.extend(f"{key}: {message}" for message in error.messages)
            continue
        if usable is not None:
            checked[key] = usable
    if errors:
        raise ValidationError({"attributes": errors})
    return checked


def operators() -> int:
    """How many active people hold OPERATE. 1 query."""
    holds = Q(groups__capabilities__capability=Capability.OPERATE) | Q(is_superuser=True)
    return User.objects.filter(holds, is_active=True).distinct().count()


def require_an_operator(before: int) -> None:
    """Raise ValidationError when there were operators `before` and there are none now. At most 1 query."""
    if before and not operators():
        raise ValidationError(_("Nobody would be left who manages people. Make somebody else an operator first."))


def _apply(person: User, fields: PersonFields) -> list[str]:
    changed = []
    values: dict[str, Any] = {**fields}
    if "attributes" in values:
        values["attributes"] = checked_attributes(values["attributes"])
    for name, value in values.items():
        if getattr(person, name) != value:
            setattr(person, name, value)
            changed.append(name)
    person.clean_fields(exclude=UNCHECKED)
    return sorted(changed)


@transaction.atomic
def create_person(
    *,
    actor: User | None,
    password: str | None = None,
    groups: Iterable[Group] = (),
    **fields: Unpack[PersonFields],
) -> User:
    """Make a person. `username` is needed. Without a `password` nobody can sign in as them until one is set.

    Raises ValidationError. Locks nothing. At most 7 queries, plus those of the password's validators.
    """
    person = User()
    _apply(person, fields)
    person.validate_unique()
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    person.save(force_insert=True)
    given = sorted(groups, key=lambda group: group.name)
    if given:
        person.groups.set(given)
    write_audit(
        actor=actor,
        action="person.created",
        object_type="person",
        object_key=str(person.pk),
        data={"groups": [group.name for group in given]},
    )
    return person


@transaction.atomic
def update_person(*, actor: User | None, person_id: int, **fields: Unpack[PersonFields]) -> User:
    """Change what `fields` names; the rest stays. Nothing is written when nothing differs.

    Locks the person's row. Raises ValidationError, User.DoesNotExist. At most 5 queries.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person_id)
    changed = _apply(person, fields)
    if not changed:
        return person
    if "username" in changed:
        person.validate_unique()
    person.save(update_fields=changed)
    write_audit(
        actor=actor,
        action="person.updated",
        object_type="person",
        object_key=str(person.pk),
        data={"changed": changed},  # names of fields, never what was in them: the trail cannot be erased
    )
    return person


@transaction.atomic
def deactivate_person(*, actor: User | None, person_id: int) -> User:
    """Close the account: sessions and tokens stop working, nothing is delivered, the record stays.

    Locks the person's row. Raises ValidationError for oneself and for the last operator. At most 5 queries.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person_id)
    if actor is not None and actor.pk == person.pk:
        raise ValidationError(_("You cannot deactivate your own account. Ask another operator."))
    if not person.is_active:
        return person
    before = operators()
    person.is_active = False
    person.save(update_fields=["is_active"])
    require_an_operator(before)
    write_audit(actor=actor, action="person.deactivated", object_type="person", object_key=str(person.pk))
    return person


@transaction.atomic
def reactivate_person(*, actor: User | None, person_id: int) -> User:
    """Open the account again, with the groups it had. Locks the person's row. 3 queries."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    write_audit(actor=actor, action="person.reactivated", object_type="person", object_key=str(person.pk))
    return person


@transaction.atomic
def grant_groups(*, actor: User | None, person_id: int, groups: Iterable[Group]) -> User:
    """Put the person into exactly `groups`. Nothing is written when they are in them already.

    Locks the person's row. Raises ValidationError when nobody would be left who manages people. At most 8 queries.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person_id)
    wanted = {group.pk: group.name for group in groups}
    held = dict(person.groups.values_list("pk", "name"))
    if wanted.keys() == held.keys():
        return person
    before = operators()
    person.groups.set(list(wanted))
    require_an_operator(before)
    write_audit(
        actor=actor,
        action="person.groups_set",
        object_type="person",
        object_key=str(person.pk),
        data={"groups": sorted(wanted.values()), "before": sorted(held.values())},
    )
    return person
