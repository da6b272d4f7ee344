"""Our waffle flag: an audience, a percentage by stable hash, and a kill switch that always wins."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from waffle.models import AbstractUserFlag

from flags.engine import FULL, Decision, FlagSpec, Reason, RuleError, Schema, decide, parse_rule
from flags.models.audience import Audience
from flags.models.reading import read_context, read_schema

NAME_LENGTH = 250


def new_salt() -> str:
    """A fresh salt: 32 hex characters."""
    return uuid.uuid4().hex


class Flag(AbstractUserFlag):
    """Answers "is this person in, and why".

    Of waffle's own fields only `name`, `everyone` and `note` are used. `everyone` is None, or False for a killed
    flag; never True. The others stay at their neutral values, which the database enforces, so that no path through
    waffle (cookies, query strings, superusers, languages) decides anything else than `decide` does.
    """

    # "release:", an asset's key of 200 characters, a version, and a part of the salt where a name is taken
    name = models.CharField(_("name"), max_length=300, unique=True)
    superusers = models.BooleanField(_("Superusers"), default=False, editable=False)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="flags", verbose_name=_("audience"))
    percentage_hundredths = models.PositiveSmallIntegerField(_("share, in hundredths of a per cent"), default=FULL)
    salt = models.CharField(_("salt"), max_length=32, default=new_salt, editable=False)

    # waffle types its manager with its own model
    objects: ClassVar[models.Manager["Flag"]] = models.Manager()  # type: ignore[assignment]

    class Meta(AbstractUserFlag.Meta):
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(percentage_hundredths__gte=0, percentage_hundredths__lte=FULL),
                name="flag_percentage_in_range",
            ),
            models.CheckConstraint(condition=models.Q(salt__regex="^[0-9a-f]{32}$"), name="flag_salt_is_hex"),
            models.CheckConstraint(
                condition=(models.Q(everyone__isnull=True) | models.Q(everyone=False))
                & models.Q(
                    percent__isnull=True,
                    testing=False,
                    superusers=False,
                    staff=False,
                    authenticated=False,
                    languages="",
                    rollout=False,
                ),
                name="flag_no_way_round_the_engine",
            ),
        ]

    @property
    def killed(self) -> bool:
        """Whether the kill switch is on."""
        return self.everyone is False

    def spec(self, schema: Schema) -> FlagSpec:
        """The flag as the engine needs it. A rule that can no longer be read lets nobody in.

        1 query for the audience, unless it was selected along.
        """
        try:
            rule = parse_rule(self.audience.rule, schema)
        except RuleError:
            rule = None
        return FlagSpec(self.name, self.salt, rule, self.percentage_hundredths, self.killed)

    def decision_for(self, user: AbstractBaseUser) -> Decision:
        """Decide for one person: 3 queries at most (schema, person, audience); none when killed."""
        if self.killed:
            return Decision(False, Reason.KILLED, None, self.percentage_hundredths)
        context = read_context(user.pk) if user.pk else None
        if context is None:
            return Decision(False, Reason.NO_UNIT, None, self.percentage_hundredths)
        return decide(self.spec(read_schema()), context)

    def is_active_for_user(self, user: AbstractBaseUser) -> bool:
        """Waffle's question, with our answer. `users` and `groups` of waffle are not asked."""
        return self.decision_for(user).on

    def is_active(self, request: HttpRequest, read_only: bool = False) -> bool:
        """Waffle's question for a request: the same answer, from the person alone; never a cookie or a query string."""
        user = getattr(request, "user", None)
        return bool(self.pk and user is not None and user.is_authenticated and self.is_active_for_user(user))

    @classmethod
    def get(cls, name: str) -> Any:
        """The flag, read from the database each time; an unsaved, inactive one when there is none. 1 query.

        Waffle's cache has a race in which a killed flag stays on until the entry times out. Lists of assets go through
        the resolver's snapshot instead.
        """
        return cls.objects.select_related("audience").filter(name=name).first() or cls(name=name)

    @classmethod
    def get_all(cls) -> list[Any]:
        """All flags, read from the database each time. 1 query."""
        return list(cls.objects.select_related("audience"))
