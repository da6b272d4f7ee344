"""Declare attributes of people."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from people.actions.audit import write_audit
from people.models import AttributeDefinition, User


@transaction.atomic
def declare_attribute(
    *, actor: User | None, key: str, label: str, value_type: str, sensitive: bool = False
) -> AttributeDefinition:
    """Declare an attribute. Raises ValidationError. Locks nothing. 3 queries."""
    definition = AttributeDefinition(key=key, label=label, type=value_type, sensitive=sensitive)
    definition.full_clean()
    definition.save(force_insert=True)
    write_audit(
        actor=actor,
        action="attribute.declared",
        object_type="attribute",
        object_key=key,
        data={"type": value_type, "sensitive": sensitive},
    )
    return definition


@transaction.atomic
def update_attribute(
    *, actor: User | None, definition_id: int, label: str, sensitive: bool, value_type: str | None = None
) -> AttributeDefinition:
    """Change label, sensitivity and, while nobody has a value, the type. Locks the definition's row. 4 queries.

    Raises ValidationError when people have values of the old type.
    """
    definition = AttributeDefinition.objects.select_for_update().get(pk=definition_id)
    if value_type is not None and value_type != definition.type and in_use(definition.key):
        raise ValidationError(
            {"type": _("People have values of type “%(type)s”. Declare another attribute.") % {"type": definition.type}}
        )
    definition.label, definition.sensitive, definition.type = label, sensitive, value_type or definition.type
    definition.full_clean()
    definition.save()
    write_audit(
        actor=actor,
        action="attribute.updated",
        object_type="attribute",
        object_key=definition.key,
        data={"type": definition.type, "sensitive": sensitive},
    )
    return definition


@transaction.atomic
def withdraw_attribute(*, actor: User | None, definition_id: int) -> None:
    """Take the declaration and every person's value away. Locks the definition and those people. 4 queries.

    Audience rules that name it match nobody from then on.
    """
    definition = AttributeDefinition.objects.select_for_update().get(pk=definition_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_user SET attributes = attributes - %s WHERE attributes ? %s",
            [definition.key, definition.key],
        )
        people = cursor.rowcount
    key = definition.key
    definition.delete()
    write_audit(
        actor=actor, action="attribute.withdrawn", object_type="attribute", object_key=key, data={"people": people}
    )


def in_use(key: str) -> bool:
    """Whether somebody has a value for the attribute. 1 query."""
    return User.objects.filter(attributes__has_key=key).exists()
