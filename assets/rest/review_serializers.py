"""Suggestions and review flags as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assets.actions.review_flags import TEXT_LENGTH as FLAG_LENGTH
from assets.actions.suggestion_text import shown_text
from assets.actions.suggestions import TEXT_LENGTH, TITLE_LENGTH
from assets.models import ReviewFlag, Suggestion, SuggestionComment
from assets.policies import may_answer, may_see_answers


class SuggestionCommentSerializer(serializers.ModelSerializer[SuggestionComment]):
    author = serializers.CharField(source="author.username", read_only=True)

    class Meta:
        model = SuggestionComment
        fields = ("id", "author", "text", "line", "created_at")
        read_only_fields = ("id", "author", "created_at")
        extra_kwargs = {"text": {"max_length": TEXT_LENGTH}}  # noqa: RUF012 as DRF names it


class SuggestionSerializer(serializers.ModelSerializer[Suggestion]):
    """A suggestion without its text."""

    asset = serializers.CharField(source="asset.key", read_only=True)
    version = serializers.IntegerField(source="base.number", read_only=True, help_text="What it was made on.")
    author = serializers.CharField(source="author.username", read_only=True)
    reviewer = serializers.CharField(source="reviewer.username", read_only=True, allow_null=True, default=None)
    decided_by = serializers.CharField(source="decided_by.username", read_only=True, allow_null=True, default=None)
    merged_in = serializers.IntegerField(
        source="merged_in.number", read_only=True, allow_null=True, default=None, help_text="Number of the version."
    )

    class Meta:
        model = Suggestion
        fields: tuple[str, ...] = (
            "id", "asset", "version", "author", "title", "reason", "state", "created_at", "due", "reviewer",
            "decided_by", "decided_at", "answer", "merged_in",
        )  # fmt: skip
        read_only_fields = fields


class SuggestionDetailSerializer(SuggestionSerializer):
    """A suggestion with its text and its conversation."""

    text = serializers.SerializerMethodField(help_text="The body; without answers for who may not see them.")
    comments = SuggestionCommentSerializer(many=True, read_only=True)

    class Meta(SuggestionSerializer.Meta):
        fields = (*SuggestionSerializer.Meta.fields, "text", "comments")

    @extend_schema_field(str)
    def get_text(self, suggestion: Suggestion) -> str:
        """Redacted unless the reader answers it or may see answers."""
        reader = self.context["reader"]
        answers = may_answer(reader, suggestion) or may_see_answers(reader, suggestion.asset)
        return shown_text(suggestion.source, answers=answers)


class SuggestionChangeSerializer(serializers.Serializer[Any]):
    """What the author of a suggestion may change. `text` is the body, without the front matter."""

    title = serializers.CharField(max_length=TITLE_LENGTH)
    reason = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True, default="")
    text = serializers.CharField(trim_whitespace=False)


class AcceptSerializer(serializers.Serializer[Any]):
    choices = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False),
        default=dict,
        help_text="Conflict id → “ours” (the draft), “theirs” (the suggestion), “both”, or the text to put there.",
    )
    answer = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True, default="")


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=TEXT_LENGTH)


class TextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=TEXT_LENGTH)


class ConflictSerializer(serializers.Serializer[Any]):
    """One place that the draft and the suggestion both changed."""

    id = serializers.CharField()
    where = serializers.CharField()
    base = serializers.CharField()
    ours = serializers.CharField(help_text="The draft.")
    theirs = serializers.CharField(help_text="The suggestion.")
    options = serializers.ListField(child=serializers.CharField())


class MergeConflictsSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457) with the conflicts to choose between."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    conflicts = ConflictSerializer(many=True)


class ReviewFlagSerializer(serializers.ModelSerializer[ReviewFlag]):
    asset = serializers.CharField(source="asset.key", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)
    raised_by = serializers.CharField(source="raised_by.username", read_only=True)
    closed_by = serializers.CharField(source="closed_by.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = ReviewFlag
        fields = (
            "id", "asset", "version", "raised_by", "kind", "text", "created_at", "closed_at", "closed_by", "answer",
        )  # fmt: skip
        read_only_fields = fields


class CloseFlagSerializer(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=FLAG_LENGTH)
