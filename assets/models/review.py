"""What lands in the review queue: suggestions and review flags."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models.asset import Asset
from assets.models.version import Version


class Suggestion(models.Model):
    """A proposed edit on a base version, reviewed as a diff and merged three ways."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CHANGES_ASKED = "changes_asked", _("asked for changes")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="suggestions", verbose_name=_("asset"))
    base = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name=_("suggested on"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="suggestions", verbose_name=_("suggested by")
    )
    title = models.CharField(_("what changes"), max_length=200)
    reason = models.TextField(_("why"), blank=True)
    source = models.TextField(_("proposed source"))  # whole file, as a draft's
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(_("suggested"), auto_now_add=True)
    due = models.DateField(_("due"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)  # said to the suggester
    merged_in = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="merged_suggestions", verbose_name=_("in version")
    )

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("-created_at",)
        indexes: ClassVar = [
            models.Index(
                fields=("asset",),
                condition=models.Q(state__in=["open", "changes_asked"]),
                name="suggestion_pending_by_asset",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "changes_asked", "accepted", "declined", "withdrawn"]),
                name="suggestion_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(answer=""), name="suggestion_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SuggestionComment(models.Model):
    """One remark in the conversation on a suggestion."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="comments", verbose_name=_("suggestion"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("comment"))
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    created_at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("created_at", "id")


class ReviewFlag(models.Model):
    """A learner's one-tap "this is outdated, wrong, unclear or broken"."""

    class Kind(models.TextChoices):
        OUTDATED = "outdated", _("Outdated")
        WRONG = "wrong", _("Wrong")
        UNCLEAR = "unclear", _("Unclear")
        BROKEN = "broken", _("Broken")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="review_flags", verbose_name=_("asset"))
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name=_("on version"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_flags", verbose_name=_("raised by")
    )
    kind = models.CharField(_("what is the matter"), max_length=10, choices=Kind)
    text = models.TextField(_("where"), blank=True)
    created_at = models.DateTimeField(_("raised"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("review flag")
        verbose_name_plural = _("review flags")
        ordering = ("-created_at",)
        indexes: ClassVar = [
            models.Index(fields=("asset",), condition=models.Q(closed_at=None), name="review_flag_open_by_asset"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["outdated", "wrong", "unclear", "broken"]), name="review_flag_kind_known"
            ),
            # One tap is enough: a second of the same kind by the same person on the same version changes the text.
            models.UniqueConstraint(
                fields=("version", "raised_by", "kind"), condition=models.Q(closed_at=None), name="review_flag_once"
            ),
        ]
