"""Make and change audiences."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from flags.actions.epoch import raise_epoch
from flags.engine import Rule, rule_to_json
from flags.models import Audience
from people.actions.audit import write_audit
from people.models import User


def create_audience(
    *, actor: User | None, name: str, rule: Rule, key: str | None = None, shared: bool = False
) -> Audience:
    """Make an audience.

    Args:
        actor: who does it.
        name: what people call it.
        rule: whom it takes in.
        key: needed for a shared one.
        shared: whether other flags may use it.

    Raises:
        ValidationError: the key is taken, malformed, or missing for a shared audience.

    Own transaction; locks the epoch. 5 queries.
    """
    audience = Audience(key=key or None, name=name.strip(), rule=rule_to_json(rule), shared=shared)
    if shared and not key:
        raise ValidationError({"key": _("A shared audience needs a key. Give one such as “new-starters”.")})
    audience.full_clean(validate_constraints=False)
    with transaction.atomic():
        audience.save(force_insert=True)
        facts = {"audience_id": audience.pk, "name": audience.name, "rule": audience.rule, "shared": shared}
        write_audit(
            actor=actor,
            action="audience.created",
            object_type="audience",
            object_key=audience.key or str(audience.pk),
            data=facts,
        )
        raise_epoch()
    return audience


def update_audience(
    *, actor: User | None, audience_id: int, name: str | None = None, rule: Rule | None = None
) -> Audience:
    """Rename an audience or change its rule; every flag that uses it follows at once.

    Saying what is already so changes nothing and records nothing.

    Args:
        actor: who does it.
        audience_id: the audience.
        name: the new name; None leaves it.
        rule: the new rule; None leaves it.

    Raises:
        Audience.DoesNotExist: there is none with that id.
        ValidationError: the name is empty.

    Own transaction; locks the audience, then the epoch. 4 queries.
    """
    with transaction.atomic():
        audience = Audience.objects.select_for_update().get(pk=audience_id)
        before: dict[str, Any] = {"name": audience.name, "rule": audience.rule}
        after: dict[str, Any] = {
            "name": audience.name if name is None else name.strip(),
            "rule": audience.rule if rule is None else rule_to_json(rule),
        }
        if after == before:
            return audience
        audience.name, audience.rule = after["name"], after["rule"]
        audience.clean_fields(exclude=["key"])
        audience.save(update_fields=["name", "rule", "updated_at"])
        changed = {name: {"from": old, "to": after[name]} for name, old in before.items() if after[name] != old}
        write_audit(
            actor=actor,
            action="audience.updated",
            object_type="audience",
            object_key=audience.key or str(audience.pk),
            data={"audience_id": audience.pk, **changed},
        )
        raise_epoch()
    return audience
