"""Identity: collections, assets and their former keys."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

ASSET_KEY = r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*"
validate_asset_key = RegexValidator(
    rf"^{ASSET_KEY}\Z",
    _("Use small letters, digits, dots and hyphens, with slashes between parts, for example refunds/partial-refund."),
)


class Collection(models.Model):
    """A shelf of the library: its people, its rules for suggestions, the settings of its gates."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("what belongs here"), blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead")
    )
    learners_may_suggest = models.BooleanField(_("learners may suggest edits"), default=False)
    # {"reading-level": "off" | "warn" | "block"}: overrides a gate's own severity.
    gate_settings = models.JSONField(_("gates"), default=dict, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    attribution = models.TextField(_("attribution"), blank=True)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CollectionMember(models.Model):
    """A person who writes in a collection, or reviews what others suggest for it."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        REVIEWER = "reviewer", _("reviewer")

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="members", verbose_name=_("collection"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="collections", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("member of a collection")
        verbose_name_plural = _("members of collections")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("collection", "user", "role"), name="collection_member_once"),
            models.CheckConstraint(condition=models.Q(role__in=["author", "reviewer"]), name="collection_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class Asset(models.Model):
    """One single-purpose, reusable unit of content: the identity that stays while its versions change."""

    class Kind(models.TextChoices):
        GUIDE = "guide", _("Guide")
        CHECKLIST = "checklist", _("Checklist")
        VIDEO = "video", _("Video")
        SCENARIO = "scenario", _("Scenario")
        PRACTICE = "practice", _("Practice")
        LINK = "link", _("Link")
        SNIPPET = "snippet", _("Snippet")
        PATHWAY = "pathway", _("Pathway")

    key = models.CharField(_("key"), max_length=200, unique=True, validators=[validate_asset_key])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=300)  # of the newest version; before that, of the first draft
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="assets", verbose_name=_("collection"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_assets",
        verbose_name=_("kept by"),
    )
    locale = models.CharField(_("locale"), max_length=35, default="en-GB")
    translation_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="translations", verbose_name=_("translation of")
    )
    review_by = models.DateField(_("review by"), null=True, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ("title", "key")
        indexes: ClassVar = [
            models.Index(fields=("collection", "title"), name="asset_by_collection"),  # the library's list
            models.Index(fields=("review_by",), condition=models.Q(retired_at=None), name="asset_to_review"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["guide", "checklist", "video", "scenario", "practice", "link", "snippet", "pathway"]
                ),
                name="asset_kind_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(translation_of=models.F("id")), name="asset_not_its_own_translation"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/a/{self.key}/"


class AssetAlias(models.Model):
    """A former key of an asset (`redirect_from`): links to it lead to the asset."""

    key = models.CharField(_("former key"), max_length=200, unique=True)
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="aliases", verbose_name=_("asset"))

    class Meta:
        verbose_name = _("former key")
        verbose_name_plural = _("former keys")

    def __str__(self) -> str:
        return self.key
