"""Between the rows of a form, in which a person types, and the conditions of a rule."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from flags.engine import AllOf, AnyOf, Condition, Kind, NoneOf, Rule, RuleError, Schema, conditions, parse_rule
from flags.engine.rules import OPERATORS as ENGINE_OPERATORS
from flags.queries.choices import Choices

OPERATORS = [
    ("is", _("is")),
    ("is_not", _("is not")),
    ("gte", _("is at least")),
    ("lte", _("is at most")),
    ("gt", _("is more than, or after")),
    ("lt", _("is less than, or before")),
    ("between", _("is from … to …")),
    ("contains", _("contains")),
    ("starts_with", _("starts with")),
    ("ends_with", _("ends with")),
    ("matches", _("matches the pattern")),
    ("is_set", _("is known")),
    ("is_not_set", _("is not known")),
]
"""One list for every kind of attribute: "is" with several values is the engine's "in", and so on."""

NO_VALUE = ("is_set", "is_not_set")
YES = ("yes", "true", "1")
NO = ("no", "false", "0")

_SPECIAL: dict[Kind, dict[str, str]] = {
    Kind.DATE: {"gt": "after", "lt": "before"},
    Kind.LIST: {"is": "has", "contains": "has"},
}
_SEVERAL = {"is": "in", "is_not": "not_in", "has": "in"}
_FORM_OPERATOR = {"in": "is", "not_in": "is_not", "has": "is", "after": "gt", "before": "lt"}


class Row(NamedTuple):
    """One row as it is typed."""

    attribute: str
    op: str
    value: str


@dataclass(frozen=True)
class Shape:
    """A whole builder as it is typed."""

    who: str = "rule"
    match: str = "all"
    people: tuple[str, ...] = ()
    when: tuple[Row, ...] = ()
    unless: tuple[Row, ...] = ()


def read_row(row: Row, known: Schema, offered: Choices) -> Condition:
    """A typed row as a condition.

    Args:
        row: as typed; the attribute is one of `known`.
        known: the schema.
        offered: for teams by name.

    Raises:
        RuleError: the operator or the value does not fit the attribute.
        ValidationError: there is no value, or one too many.
    """
    field = known.get(row.attribute)
    kind = Kind.TEXT if field is None else field.kind
    op = _SPECIAL.get(kind, {}).get(row.op, row.op)
    data: dict[str, Any] = {"attribute": row.attribute, "op": op}
    if op in NO_VALUE:
        if row.value:
            message = _("“%(text)s” is not used here. Leave the value empty, or compare with “is”.")
            raise ValidationError(message, params={"text": row.value})
    else:
        values = [_typed(row.attribute, kind, part, offered) for part in _parts(op, row.value)]
        several = len(values) > 1 or op == "between"
        data |= {"op": _SEVERAL.get(op, op), "value": values} if several else {"value": values[0]}
    rule = parse_rule(data, known)
    if not isinstance(rule, Condition):
        raise TypeError("An attribute with an operator is always a condition.")
    return rule


def fitting_operators(attribute: str, known: Schema) -> list[str]:
    """Labels of the operators that fit an attribute of `known`, in the form's order."""
    field = known.get(attribute)
    kind = Kind.TEXT if field is None else field.kind
    special = _SPECIAL.get(kind, {})
    return [str(label) for op, label in OPERATORS if special.get(op, op) in ENGINE_OPERATORS[kind]]


def _parts(op: str, text: str) -> list[str]:
    """The value's parts: commas separate where several make sense, quotes keep a comma inside one."""
    if not text:
        raise ValidationError(_("Give a value, or compare with “is known”."))
    if op == "between":
        return [part.strip() for part in text.replace(",", " to ").split(" to ") if part.strip()]
    if op not in _SEVERAL:
        return [text]
    try:
        parts = [part.strip() for part in next(csv.reader([text], skipinitialspace=True, strict=True)) if part.strip()]
    except (csv.Error, StopIteration):
        raise ValidationError(_("A quotation mark is not closed. Close it, or leave it out.")) from None
    if not parts:
        raise ValidationError(_("There are only commas. Give at least one value."))
    return parts


def _typed(attribute: str, kind: Kind, text: str, offered: Choices) -> str | int | float | bool:
    if kind is Kind.BOOLEAN and text.lower() in (*YES, *NO):
        return text.lower() in YES
    if kind is Kind.NUMBER:
        return _number(text)
    return offered.key_of(attribute, text)


def _number(text: str) -> int | float | str:
    """The number, or the text itself, of which the engine then says what is wrong."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def row_of(condition: Condition) -> Row:
    """A condition as it would be typed."""
    value = condition.value
    if value is None:
        text = ""
    elif condition.op == "between" and isinstance(value, tuple):
        text = f"{value[0]} to {value[1]}"
    elif condition.op in _FORM_OPERATOR or condition.op in _SEVERAL:
        text = _joined(value if isinstance(value, tuple) else (value,))
    else:
        text = str(value)
    return Row(condition.field.name, _FORM_OPERATOR.get(condition.op, condition.op), text)


def _joined(values: Sequence[object]) -> str:
    line = io.StringIO()
    said = [("yes" if value else "no") if isinstance(value, bool) else str(value) for value in values]
    csv.writer(line, lineterminator="").writerow(said)
    return line.getvalue().replace(",", ", ") if not any("," in item for item in said) else line.getvalue()


def shape_of(rule: Rule, known: Schema, offered: Choices) -> Shape | None:
    """The builder that makes `rule`; None when rows cannot express it."""
    if isinstance(rule, AllOf) and not rule.parts:
        return Shape(who="everyone")
    base, unless = _split(rule)
    if base is None:
        return Shape(who="everyone", unless=unless) if _typeable(unless, known, offered, rule) else None
    base, people = _without_names(base)
    match = "any" if isinstance(base, AnyOf) else "all"
    parts = (base,) if isinstance(base, Condition) else base.parts
    plain = [part for part in parts if isinstance(part, Condition)]
    if isinstance(base, NoneOf) or len(plain) < len(parts) or not (plain or people):
        return None
    when = tuple(row_of(condition) for condition in plain)
    return Shape("rule", match, people, when, unless) if _typeable((*when, *unless), known, offered, rule) else None


def _split(rule: Rule) -> tuple[Rule | None, tuple[Row, ...]]:
    """The rule without its exceptions, and those as rows. None as the rule means everyone."""
    if not isinstance(rule, AllOf) or not isinstance(rule.parts[-1], NoneOf):
        return rule, ()
    *kept, last = rule.parts
    if not isinstance(last, NoneOf) or not all(isinstance(part, Condition) for part in last.parts) or not last.parts:
        return rule, ()
    rows = tuple(row_of(part) for part in last.parts if isinstance(part, Condition))
    if not kept:
        return None, rows
    return (kept[0] if len(kept) == 1 else AllOf(tuple(kept))), rows


def _without_names(base: Rule) -> tuple[Rule, tuple[str, ...]]:
    """The rule without the people it adds by name, and those."""
    if _names(base):
        return AllOf(), _names(base)
    if isinstance(base, AnyOf) and len(base.parts) == 2 and isinstance(base.parts[0], AllOf | AnyOf):
        names = _names(base.parts[1])
        return (base.parts[0], names) if names else (base, ())
    return base, ()


def _names(rule: Rule) -> tuple[str, ...]:
    """The people of a condition "by name"; empty for any other rule."""
    if (
        isinstance(rule, Condition)
        and rule.field.name == "person"
        and rule.op == "in"
        and isinstance(rule.value, tuple)
    ):
        return tuple(str(name) for name in rule.value)
    return ()


def _typeable(rows: Sequence[Row], known: Schema, offered: Choices, rule: Rule) -> bool:
    """Whether typing the rows gives the very conditions of the rule, so that saving unchanged changes nothing."""
    wanted = [_plain(condition) for condition in conditions(rule)]
    try:
        typed = [_plain(read_row(Row(*(part.strip() for part in row)), known, offered)) for row in rows]
    except (RuleError, ValidationError):
        return False
    return all(condition in wanted for condition in typed) and not any("\n" in row.value for row in rows)


def _plain(condition: Condition) -> Condition:
    """The condition with "in" of one value written as "is" or "has", which mean the same."""
    if isinstance(condition.value, tuple) and len(condition.value) == 1 and condition.op in ("in", "not_in"):
        single = "has" if condition.field.kind is Kind.LIST else {"in": "is", "not_in": "is_not"}[condition.op]
        return Condition(condition.field, single, condition.value[0])
    return condition
