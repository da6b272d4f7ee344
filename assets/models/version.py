"""Versions: immutable content, and what is derived from it when it is saved.

`Version`, `VersionCheck`, `VersionOutcome`, `Dependency` and `VersionMedia` are refused every UPDATE and
DELETE by a trigger (migration 0002). `Rendering` is a cache and may be rebuilt.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models.asset import Asset
from assets.models.outcome import Outcome


class VersionManager(models.Manager["Version"]):
    """Versions without their search vector: only the search query reads it, and it is as long as the text."""

    def get_queryset(self) -> models.QuerySet["Version"]:
        return super().get_queryset().defer("search")


class Version(models.Model):
    """One immutable state of an asset. `source` is the truth; the other columns are read from it once."""

    class ChangeClass(models.TextChoices):
        EDITORIAL = "editorial", _("editorial")
        MATERIAL = "material", _("material")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="versions", verbose_name=_("asset"))
    number = models.PositiveIntegerField(_("number"))
    source = models.TextField(_("source"))
    content_hash = models.BinaryField(max_length=32)  # SHA-256 of the source, as it is written to a file
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    text = models.TextField(_("text"), blank=True)  # plain, for search: the body without checks' answers
    words = models.PositiveIntegerField(_("words"), default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=1)
    change_class = models.CharField(_("change class"), max_length=10, choices=ChangeClass)
    change_reasons = models.JSONField(_("why this class"), default=list)  # short sentences
    message = models.CharField(_("what changed"), max_length=300, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("saved by")
    )
    author_name = models.CharField(_("author"), max_length=160, blank=True)  # of an imported revision
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("summary", weight="B", config="english")
        + SearchVector("text", weight="C", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = VersionManager()

    class Meta:
        verbose_name = _("version")
        base_manager_name = "objects"
        verbose_name_plural = _("versions")
        ordering = ("asset", "-number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("asset", "number"), name="version_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(change_class__in=["editorial", "material"]), name="version_class_known"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=("search",), name="version_search")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Check(models.Model):
    """The identity of a check across versions: (asset, key). Evidence and statistics attach to it."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="checks", verbose_name=_("asset"))
    key = models.CharField(_("key"), max_length=80)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints: ClassVar = [models.UniqueConstraint(fields=("asset", "key"), name="check_key_once")]

    def __str__(self) -> str:
        return self.key


class VersionCheck(models.Model):
    """A check as it stands in one version. `data` holds right answers: never send it out unfiltered."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="checks", verbose_name=_("version"))
    check_identity = models.ForeignKey(Check, models.PROTECT, related_name="in_versions", verbose_name=_("check"))
    position = models.PositiveSmallIntegerField(_("position"))
    type = models.CharField(_("type"), max_length=12)
    prompt = models.TextField(_("question"))
    data = models.JSONField(_("content"))  # assets.content.Check.full()
    content_hash = models.BinaryField(max_length=32)  # of what is asked and what is right: then evidence stands
    outcomes = models.ManyToManyField(Outcome, through="assets.VersionCheckOutcome", related_name="+")

    class Meta:
        verbose_name = _("check in a version")
        verbose_name_plural = _("checks in versions")
        ordering = ("version", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version", "check_identity"), name="version_check_once"),
        ]

    def __str__(self) -> str:
        return self.prompt


class VersionOutcome(models.Model):
    """An outcome that a version teaches."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="outcome_links", verbose_name=_("version"))
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="in_versions", verbose_name=_("outcome"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("version", "outcome"), name="version_outcome_once")]


class VersionCheckOutcome(models.Model):
    """An outcome that a check of a version tests: the one it names, else all of the version's."""

    version_check = models.ForeignKey(VersionCheck, models.PROTECT, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version_check", "outcome"), name="version_check_outcome_once")
        ]


class Dependency(models.Model):
    """What a version uses of the library: pathway items, links and snippets. "Where used" reads it backwards."""

    class Kind(models.TextChoices):
        ITEM = "item", _("pathway item")
        LINK = "link", _("link")
        SNIPPET = "snippet", _("snippet")

    version = models.ForeignKey(Version, models.PROTECT, related_name="dependencies", verbose_name=_("version"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    target = models.ForeignKey(Asset, models.PROTECT, related_name="used_in", verbose_name=_("asset used"))
    position = models.PositiveIntegerField(_("position"))  # order among the items; line for links
    pinned = models.PositiveIntegerField(_("pinned to"), null=True)

    class Meta:
        ordering = ("version", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version", "kind", "position", "target"), name="dependency_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["item", "link", "snippet"]), name="dependency_kind_known"
            ),
        ]


class Rendering(models.Model):
    """The rendered body of a version, cut at its checks. A cache: made when the version is saved."""

    version = models.OneToOneField(Version, models.CASCADE, primary_key=True, related_name="rendering")
    segments = models.JSONField()  # [["html", "<p>…"], ["check", "partial-limit"], …]
    toc = models.JSONField(default=list)  # [[level, text, anchor], …]


class Waiver(models.Model):
    """A blocking finding that a lead let pass, with the reason. Belongs to one version and one gate."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="waivers", verbose_name=_("version"))
    gate = models.CharField(_("gate"), max_length=60)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("version", "gate"), name="waiver_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="waiver_has_reason"),
        ]
