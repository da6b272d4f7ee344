"""The library as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assets.models import Asset, Collection, Framework, Outcome, Version
from people.models import User


class AssetSerializer(serializers.ModelSerializer[Asset]):
    collection: serializers.SlugRelatedField[Collection] = serializers.SlugRelatedField(
        slug_field="key", read_only=True
    )
    owner: serializers.SlugRelatedField[User] = serializers.SlugRelatedField(
        slug_field="username", read_only=True, allow_null=True
    )
    version = serializers.IntegerField(source="newest", read_only=True, allow_null=True, help_text="Newest version.")
    drafted = serializers.SerializerMethodField(help_text="Whether the draft says something else than that.")

    class Meta:
        model = Asset
        fields = (
            "key", "title", "kind", "collection", "owner", "locale", "review_by", "licence", "source", "version",
            "drafted", "retired_at", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(bool)
    def get_drafted(self, asset: Any) -> bool:
        return asset.drafted is not None


class NewAssetSerializer(serializers.Serializer[Any]):
    collection = serializers.SlugRelatedField(slug_field="key", queryset=Collection.objects.all())
    key = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=Asset.Kind.choices)
    title = serializers.CharField(max_length=200)
    source = serializers.CharField(  # type: ignore[assignment]
        required=False, trim_whitespace=False, help_text="The whole file of its draft."
    )


class AssetChangeSerializer(serializers.Serializer[Any]):
    owner = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    review_by = serializers.DateField(required=False, allow_null=True)
    retired = serializers.BooleanField(required=False)


class FindingSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["blocks", "warns"])
    message = serializers.CharField()
    line = serializers.IntegerField(allow_null=True, help_text="1-based, in the whole file.")
    fix = serializers.CharField()


class DraftSerializer(serializers.Serializer[Any]):
    """The working copy, with what the gates say of it."""

    asset = serializers.CharField(source="asset.key")
    source = serializers.CharField()  # type: ignore[assignment]
    edit = serializers.IntegerField(help_text="Send it back with your changes.")
    based_on = serializers.IntegerField(source="based_on.number", allow_null=True, default=None)
    updated_at = serializers.DateTimeField()
    findings = FindingSerializer(many=True)


class DraftChangeSerializer(serializers.Serializer[Any]):
    source = serializers.CharField(  # type: ignore[assignment]
        trim_whitespace=False, allow_blank=True, help_text="The whole file."
    )
    edit = serializers.IntegerField(help_text="The edit that the change was made on.")
    base = serializers.CharField(
        required=False, trim_whitespace=False, allow_blank=True, help_text="The text of that edit, for a better merge."
    )


class VersionSerializer(serializers.ModelSerializer[Version]):
    asset: serializers.SlugRelatedField[Asset] = serializers.SlugRelatedField(slug_field="key", read_only=True)
    author = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields: tuple[str, ...] = (
            "id", "asset", "number", "title", "summary", "words", "minutes", "change_class", "change_reasons",
            "message", "author", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(str)
    def get_author(self, version: Version) -> str:
        return version.author_name or (version.author.username if version.author else "")


class VersionDetailSerializer(VersionSerializer):
    """A version with its text."""

    class Meta(VersionSerializer.Meta):
        fields = (*VersionSerializer.Meta.fields, "source")


class NewVersionSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField(max_length=200, help_text="Key of the asset whose draft becomes a version.")
    message = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    raise_to_material = serializers.BooleanField(required=False, default=False)


class WaiverSerializer(serializers.Serializer[Any]):
    gate = serializers.CharField(max_length=60)
    reason = serializers.CharField()


class UseSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    how = serializers.ChoiceField(choices=["item", "link", "snippet"])
    pinned = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    lead = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )

    class Meta:
        model = Collection
        fields = (
            "key", "name", "description", "lead", "learners_may_suggest", "gate_settings", "licence", "attribution",
        )  # fmt: skip
        extra_kwargs = {"gate_settings": {"help_text": 'Code of a gate to "off", "warn" or "block".'}}  # noqa: RUF012


class FrameworkSerializer(serializers.ModelSerializer[Framework]):
    class Meta:
        model = Framework
        fields = ("key", "name", "source", "licence")


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    framework = serializers.SlugRelatedField(slug_field="key", queryset=Framework.objects.all())
    parent = serializers.SlugRelatedField(  # type: ignore[assignment]
        slug_field="key", queryset=Outcome.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Outcome
        fields = ("key", "framework", "parent", "statement", "condition", "measure", "is_group", "position")


class ConflictSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    where = serializers.CharField()
    base = serializers.CharField()
    ours = serializers.CharField()
    theirs = serializers.CharField()
