"""Audiences: a rule over people, named and shared, or made for one flag."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


def everyone() -> dict[str, Any]:
    """The rule that admits everyone."""
    return {"all": []}


class Audience(models.Model):
    """A rule tree over a person's context.

    A shared one has a key, is picked by name, and editing it moves every flag that uses it. One without a key
    belongs to the flag it was made for.
    """

    key = models.SlugField(_("key"), max_length=80, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    rule = models.JSONField(_("rule"), default=everyone)
    shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(shared=False) | models.Q(key__isnull=False), name="audience_shared_has_key"
            ),
            models.CheckConstraint(condition=~models.Q(key=""), name="audience_key_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
