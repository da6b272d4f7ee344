"""People, teams, groups, attributes, tokens and the audit trail as JSON."""

from typing import Any

from django.contrib.auth.models import Group
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from people.capabilities import Capability
from people.models import ApiToken, AttributeDefinition, AuditEntry, Team, User
from people.policies import sees_sensitive


class TeamSerializer(serializers.ModelSerializer[Team]):
    parent = serializers.SlugRelatedField(  # type: ignore[assignment]
        slug_field="key", queryset=Team.objects.all(), allow_null=True, default=None
    )
    managers = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.all(), many=True, required=False
    )

    class Meta:
        model = Team
        fields = ("id", "key", "name", "parent", "managers")


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person as `context["request"].user` may see them: without sensitive attributes of others."""

    team = serializers.SlugRelatedField(slug_field="key", queryset=Team.objects.all(), allow_null=True, default=None)
    name = serializers.CharField(source="__str__", read_only=True)
    groups = serializers.SlugRelatedField(slug_field="name", queryset=Group.objects.all(), many=True, required=False)
    attributes = serializers.DictField(child=serializers.JSONField(), required=False)

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "name",
            "email",
            "first_name",
            "last_name",
            "team",
            "job_role",
            "region",
            "locale",
            "timezone",
            "start_date",
            "attributes",
            "groups",
            "is_active",
        )
        read_only_fields = ("is_active",)

    def to_representation(self, instance: User) -> dict[str, Any]:
        shown = super().to_representation(instance)
        reader = self.context["request"].user
        if not sees_sensitive(reader, instance):
            hidden = self.context["sensitive"]
            shown["attributes"] = {k: v for k, v in shown["attributes"].items() if k not in hidden}
            del shown["groups"]  # what somebody may do is for them and for operators
        return shown


class MeSerializer(PersonSerializer):
    capabilities = serializers.SerializerMethodField(help_text="What the person may do, over all their groups.")
    manages = serializers.SlugRelatedField[Team](slug_field="key", source="managed_teams", read_only=True, many=True)

    class Meta(PersonSerializer.Meta):
        fields = (*PersonSerializer.Meta.fields, "capabilities", "manages")  # type: ignore[assignment]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=[c.value for c in Capability])))
    def get_capabilities(self, person: User) -> list[str]:
        return sorted(person.capabilities)


class AttributeSerializer(serializers.ModelSerializer[AttributeDefinition]):
    class Meta:
        model = AttributeDefinition
        fields = ("key", "label", "type", "sensitive")


class GroupSerializer(serializers.ModelSerializer[Group]):
    capabilities = serializers.ListField(child=serializers.ChoiceField(choices=[c.value for c in Capability]))

    class Meta:
        model = Group
        fields = ("id", "name", "capabilities")

    def to_representation(self, instance: Group) -> dict[str, Any]:
        held = sorted(link.capability for link in instance.capabilities.all())
        return {"id": instance.pk, "name": instance.name, "capabilities": held}


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    class Meta:
        model = ApiToken
        fields = ("id", "name", "created_at", "last_used_at", "revoked_at")
        read_only_fields = ("created_at", "last_used_at", "revoked_at")


class NewTokenSerializer(TokenSerializer):
    """The answer to making a token: the only time that it is shown."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")  # type: ignore[assignment]


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    actor = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = AuditEntry
        fields = ("id", "at", "actor", "action", "object_type", "object_key", "data")


class ImportChangeSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Line of the file, 0 for somebody it does not name.")
    username = serializers.CharField()
    what = serializers.ChoiceField(choices=["created", "updated", "deactivated", "reactivated"])
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class ImportReportSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField()
    unchanged = serializers.IntegerField()
    changes = ImportChangeSerializer(many=True)


class ImportOptionsSerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(default=False, help_text="Find out everything, write nothing.")
    partial = serializers.BooleanField(  # type: ignore[assignment]
        default=False, help_text="Take a file with only some of the columns."
    )
    deactivate_missing = serializers.BooleanField(default=False, help_text="Deactivate people not in the file.")
