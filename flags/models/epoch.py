"""The epoch of targeting: one number that every change of a flag, an audience or a release raises."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagEpoch(models.Model):
    """A single row. Who changes targeting holds its lock until commit, so epochs commit in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(_("version"))

    class Meta:
        verbose_name = _("epoch of targeting")
        verbose_name_plural = _("epoch of targeting")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="flag_epoch_single_row"),
        ]

    def __str__(self) -> str:
        return str(self.version)
