"""Free attributes of people, with a declared type."""

import datetime as dt
import math
import re
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

AttributeValue = str | int | float | bool | list[str]

# The shapes that rules can compare (flags.engine.fields says the same; it knows nothing of people).
_VERSION: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,9}")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}")
_LARGEST: Final = 1e300
_YES: Final = frozenset({"1", "true", "yes", "y", "on"})
_NO: Final = frozenset({"0", "false", "no", "n", "off"})
LONGEST_TEXT: Final = 500


def _number(text: str) -> int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) <= _LARGEST:  # also not a number
        raise ValidationError(_now("“%(value)s” is not a number. Write it as 12 or 12.5."), params={"value": text})
    return number


def _date(text: str) -> str:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007 - a calendar day
    except ValueError:
        raise ValidationError(
            _now("“%(value)s” is not a date. Write it as 2026-11-24."), params={"value": text}
        ) from None


def _boolean(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValidationError(_now("“%(value)s” is neither yes nor no."), params={"value": text})


def _version(text: str) -> str:
    if _VERSION.fullmatch(text):
        return text
    raise ValidationError(_now("“%(value)s” is not a version. Write it as 4.2 or 4.2.1."), params={"value": text})


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValidationError(_now("This is longer than %(most)d characters."), params={"most": LONGEST_TEXT})
    return text


def _list(text: str) -> list[str]:
    return [_text(part.strip()) for part in text.split(";") if part.strip()]


class AttributeDefinition(models.Model):
    """A free attribute of people, with its declared type. Values live in `User.attributes` under `key`."""

    class Type(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        BOOLEAN = "boolean", _("yes or no")
        VERSION = "version", _("version")
        LIST = "list", _("list of texts")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    type = models.CharField(_("type"), max_length=10, choices=Type)
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Its values are never shown to others, not in counts or reasons either."),
    )

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ("key",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(type__in=["text", "number", "date", "boolean", "version", "list"]),
                name="attribute_type_known",
            )
        ]

    def __str__(self) -> str:
        return self.label

    def read(self, text: str) -> AttributeValue | None:
        """The typed value of `text`, as it is kept in `User.attributes`; None for blank text (not set).

        A list is separated by semicolons. Raises ValidationError with a sentence that shows the right form.
        """
        text = text.strip()
        if not text:
            return None
        readers = {
            "number": _number,
            "date": _date,
            "boolean": _boolean,
            "version": _version,
            "list": _list,
            "text": _text,
        }
        value = readers[self.type](text)
        return None if value == [] else value

    def check_value(self, value: object) -> AttributeValue | None:
        """`value` as decoded JSON, checked against the declared type; None (or an empty text or list) is not set.

        Raises ValidationError. A number is not taken for a text nor a text for a number: rules compare by type.
        """
        if value is None or value in ("", []):
            return None
        match self.type, value:
            case "boolean", bool():
                return value
            case "number", bool():
                pass
            case "number", int() | float() if abs(value) <= _LARGEST:
                return value
            case "text" | "date" | "version", str():
                return self.read(value)
            case "list", list() if all(isinstance(item, str) for item in value):
                return [_text(item) for item in value]
        raise ValidationError(
            _now("%(value)s is not a value of type “%(type)s”."),
            params={"value": repr(value)[:60], "type": self.get_type_display()},
        )

    def write(self, value: object) -> str:
        """The text that `read` turns into `value` again; "" when it is not set."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
