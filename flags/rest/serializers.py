"""Audiences, flags and previews as JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from flags.engine import Rule
from flags.models import Audience, Flag
from flags.queries import InvalidRuleError, audience_sentence, read_rule

RULE_SCHEMA = {
    "type": "object",
    "description": (
        "A rule: {“all”: […]}, {“any”: […]}, {“none”: […]}, or a condition {“attribute”, “op”, “value”}. "
        "{“all”: []} is everyone."
    ),
    "example": {"all": [{"team": "refunds"}, {"attribute": "tenure_days", "op": "gte", "value": 7}]},
}


@extend_schema_field(RULE_SCHEMA)
class RuleField(serializers.Field[Rule, Any, Any, Any]):
    """Rule JSON in, a rule out. Errors say where in the rule, what is wrong and what to do."""

    def to_internal_value(self, data: Any) -> Rule:
        try:
            return read_rule(data)
        except InvalidRuleError as error:
            raise serializers.ValidationError(error.messages) from error

    def to_representation(self, value: Any) -> Any:
        return value  # stored as JSON already


class AudienceSerializer(serializers.ModelSerializer[Audience]):
    """An audience in a list."""

    class Meta:
        model = Audience
        fields = ("id", "key", "name", "rule", "shared", "created_at", "updated_at")


class AudienceDetailSerializer(AudienceSerializer):
    """One audience, with its rule in words."""

    sentence = serializers.SerializerMethodField(help_text="The rule in plain language.")

    class Meta(AudienceSerializer.Meta):
        fields = (*AudienceSerializer.Meta.fields, "sentence")  # type: ignore[assignment]

    def get_sentence(self, audience: Audience) -> str:
        return audience_sentence(audience)


class NewAudienceSerializer(serializers.Serializer[Any]):
    """What makes an audience."""

    key = serializers.SlugField(max_length=80, required=False, allow_null=True, default=None)
    name = serializers.CharField(max_length=200)
    rule = RuleField()
    shared = serializers.BooleanField(default=False)


class AudienceChangeSerializer(serializers.Serializer[Any]):
    """What changes an audience; what is left out stays."""

    name = serializers.CharField(max_length=200, required=False)
    rule = RuleField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(_("Nothing to change. Give a name or a rule."))
        return attrs


class RuleSerializer(serializers.Serializer[Any]):
    """A rule to preview."""

    rule = RuleField()


class MemberSerializer(serializers.Serializer[Any]):
    """One person of an audience."""

    username = serializers.CharField()
    name = serializers.CharField()


class CountSerializer(serializers.Serializer[Any]):
    """How many people, as far as the reader may know."""

    number = serializers.IntegerField(allow_null=True, help_text="Null when fewer than 5 people are withheld.")
    exact = serializers.BooleanField(help_text="False when withheld, or when counted in steps of 5.")
    text = serializers.CharField()


class PreviewSerializer(serializers.Serializer[Any]):
    """What a rule takes in now."""

    sentence = serializers.CharField()
    count = CountSerializer()
    sample = MemberSerializer(many=True, help_text="Up to 5 people; none when the exact count is not shown.")


class FlagSerializer(serializers.ModelSerializer[Flag]):
    """A flag: who is in, and whether it is killed."""

    audience = AudienceSerializer(read_only=True)
    killed = serializers.BooleanField(read_only=True)

    class Meta:
        model = Flag
        fields = ("id", "name", "note", "audience", "percentage_hundredths", "killed", "created", "modified")
