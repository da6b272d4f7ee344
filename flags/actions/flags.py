"""Make, widen, narrow, kill and revive flags."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from flags.actions.epoch import raise_epoch
from flags.engine import FULL, AllOf, AnyOf, Condition, NoneOf, Rule, rule_to_json
from flags.models import Audience, Flag
from flags.models.flag import NAME_LENGTH, new_salt
from flags.queries.rules import read_rules
from people.actions.audit import write_audit
from people.models import AuditEntry, User

RuleOrJson = Rule | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewFlag:
    """A flag to be made.

    Args:
        name: what lists call it, at most 250 characters. When it is taken, a part of the salt is appended.
        rule: its own audience, as a rule or as rule JSON; None when `audience_id` is given.
        percentage_hundredths: 0 to 10,000.
        audience_id: an audience that is there already.
        note: where it is used.
    """

    name: str
    rule: RuleOrJson | None = None
    percentage_hundredths: int = FULL
    audience_id: int | None = None
    note: str = ""


def create_flag(
    *,
    actor: User | None,
    name: str,
    rule: RuleOrJson | None = None,
    percentage_hundredths: int = FULL,
    audience: Audience | None = None,
    note: str = "",
) -> Flag:
    """Make one flag, with a rule of its own or with an audience that is there. See `create_flags`."""
    audience_id = None if audience is None else audience.pk
    (flag,) = create_flags(actor=actor, specs=[NewFlag(name, rule, percentage_hundredths, audience_id, note)])
    return flag


def create_flags(*, actor: User | None, specs: Sequence[NewFlag]) -> list[Flag]:
    """Make many flags, in order. Flags with equal rules share one audience row, which is then asked once per person.

    Rule JSON is checked as in `read_rules`; a `Rule` is taken as it is.

    Raises:
        InvalidRuleError: a rule cannot be read, or names somebody who is not there.
        ValidationError: a name is empty or too long; a percentage is out of range; a flag has both a rule and an
            audience, or neither.

    Own transaction; locks the epoch. 4 queries whatever their number (more in batches of 1,000), 1 more when there is
    an audience to make, and those of `read_rules` when there is rule JSON.
    """
    for spec in specs:
        _check(spec)
    if not specs:
        return []
    with transaction.atomic():
        rules = _rules(specs)
        audiences = _own_audiences(specs, rules)
        names = _free_names(specs)
        flags = Flag.objects.bulk_create(
            [
                Flag(
                    name=name,
                    salt=salt,
                    **_audience_of(spec, rule, audiences),
                    percentage_hundredths=spec.percentage_hundredths,
                    note=spec.note,
                )
                for spec, rule, (name, salt) in zip(specs, rules, names, strict=True)
            ],
            batch_size=1000,
        )
        entries = [_created(actor, flag, rule) for flag, rule in zip(flags, rules, strict=True)]
        AuditEntry.objects.bulk_create(entries, batch_size=1000)
        raise_epoch()
    return flags


def set_percentage(*, actor: User | None, flag: Flag, percentage_hundredths: int) -> Flag:
    """Widen or narrow a flag. Widening removes nobody; narrowing takes people out, and is recorded as such.

    Saying what is already so changes nothing and records nothing.

    Args:
        actor: who does it.
        flag: the flag; brought up to date and returned.
        percentage_hundredths: 0 to 10,000.

    Raises:
        Flag.DoesNotExist: it is not there any more.
        ValidationError: the percentage is out of range.

    Own transaction; locks the flag, then the epoch. 4 queries.
    """
    _check_percentage(percentage_hundredths)
    with transaction.atomic():
        _lock(flag)
        before = flag.percentage_hundredths
        if before != percentage_hundredths:
            flag.percentage_hundredths = percentage_hundredths
            action = "flag.widened" if percentage_hundredths > before else "flag.narrowed"
            _save(flag, actor, action, {"from": before, "to": percentage_hundredths}, "percentage_hundredths")
    return flag


def kill_flag(*, actor: User | None, flag: Flag, reason: str = "") -> Flag:
    """Turn a flag off for everyone, whatever else is said. Killing a killed flag changes nothing.

    Raises:
        Flag.DoesNotExist: it is not there any more.

    Own transaction; locks the flag, then the epoch. 4 queries.
    """
    return _switch(flag, actor, "flag.killed", everyone=False, reason=reason)


def revive_flag(*, actor: User | None, flag: Flag, reason: str = "") -> Flag:
    """Take a flag's kill back: the same people as before are in. Reviving a live flag changes nothing.

    Raises:
        Flag.DoesNotExist: it is not there any more.

    Own transaction; locks the flag, then the epoch. 4 queries.
    """
    return _switch(flag, actor, "flag.revived", everyone=None, reason=reason)


def _lock(flag: Flag) -> None:
    fields = ["name", "everyone", "percentage_hundredths"]
    flag.refresh_from_db(fields=fields, from_queryset=Flag.objects.select_for_update())


def _switch(flag: Flag, actor: User | None, action: str, *, everyone: bool | None, reason: str) -> Flag:
    with transaction.atomic():
        _lock(flag)
        if flag.everyone is not everyone:
            flag.everyone = everyone
            _save(flag, actor, action, {"reason": reason} if reason else {}, "everyone")
    return flag


def _save(flag: Flag, actor: User | None, action: str, facts: dict[str, Any], field: str) -> None:
    flag.save(update_fields=[field, "modified"])
    data = {"flag_id": flag.pk, **facts}
    write_audit(actor=actor, action=action, object_type="flag", object_key=_object_key(flag), data=data)
    raise_epoch()


def _object_key(flag: Flag) -> str:
    return flag.name[:200]  # the audit trail's limit; data holds the id


def _check(spec: NewFlag) -> None:
    if not spec.name or len(spec.name) > NAME_LENGTH:
        raise ValidationError(_("A flag's name has 1 to %(most)s characters."), params={"most": NAME_LENGTH})
    if (spec.rule is None) == (spec.audience_id is None):
        raise ValidationError(_("A flag has either a rule of its own or an audience. Give one of the two."))
    _check_percentage(spec.percentage_hundredths)


def _check_percentage(hundredths: int) -> None:
    if not 0 <= hundredths <= FULL:
        raise ValidationError(
            _("%(given)s%% is not a share of the audience. Give 0 to 100."), params={"given": hundredths / 100}
        )


def _rules(specs: Sequence[NewFlag]) -> list[Rule | None]:
    """The rules of the specs; equal JSON is read once."""
    texts = [json.dumps(spec.rule, sort_keys=True) if isinstance(spec.rule, Mapping) else None for spec in specs]
    distinct = [text for text in dict.fromkeys(texts) if text is not None]
    read = dict(zip(distinct, read_rules([json.loads(text) for text in distinct]), strict=True)) if distinct else {}
    rules: list[Rule | None] = []
    for spec, text in zip(specs, texts, strict=True):
        ready = spec.rule if isinstance(spec.rule, AllOf | AnyOf | NoneOf | Condition) else None
        rules.append(ready if text is None else read[text])
    return rules


def _own_audiences(specs: Sequence[NewFlag], rules: Sequence[Rule | None]) -> dict[Rule, Audience]:
    made: dict[Rule, Audience] = {}
    for spec, rule in zip(specs, rules, strict=True):
        if rule is not None and rule not in made:
            made[rule] = Audience(name=spec.name[:200], rule=rule_to_json(rule))
    if made:
        Audience.objects.bulk_create(made.values(), batch_size=1000)
    return made


def _audience_of(spec: NewFlag, rule: Rule | None, audiences: Mapping[Rule, Audience]) -> dict[str, Any]:
    return {"audience_id": spec.audience_id if rule is None else audiences[rule].pk}


def _free_names(specs: Sequence[NewFlag]) -> list[tuple[str, str]]:
    """Name and salt of each flag; a taken name (one version released twice) gets a part of its salt. 1 query."""
    taken = set(Flag.objects.filter(name__in=[spec.name for spec in specs]).values_list("name", flat=True))
    names = []
    for spec in specs:
        salt = new_salt()
        names.append((f"{spec.name}#{salt[:8]}" if spec.name in taken else spec.name, salt))
        taken.add(spec.name)
    return names


def _created(actor: User | None, flag: Flag, rule: Rule | None) -> AuditEntry:
    data: dict[str, Any] = {
        "flag_id": flag.pk,
        "audience_id": flag.audience_id,
        "percentage_hundredths": flag.percentage_hundredths,
    }
    if rule is not None:
        data["rule"] = rule_to_json(rule)
    return AuditEntry(actor=actor, action="flag.created", object_type="flag", object_key=_object_key(flag), data=data)
