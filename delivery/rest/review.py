"""Suggest an edit and flag for review over REST: on the version that is decided for the person."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assets.actions.review_flags import TEXT_LENGTH as FLAG_LENGTH
from assets.actions.review_flags import raise_review_flag
from assets.actions.suggestion_text import Proposal, proposed_source, shown_text
from assets.actions.suggestions import make_suggestion
from assets.models import ReviewFlag, Version
from assets.policies import may_see_answers, require_suggest
from assets.rest.review import ReviewFlagViewSet as ReviewFlagsViewSet
from assets.rest.review import SuggestionViewSet as SuggestionsViewSet
from assets.rest.review import valid
from assets.rest.review_serializers import (
    ReviewFlagSerializer,
    SuggestionChangeSerializer,
    SuggestionDetailSerializer,
)
from delivery.queries.opened import find_open
from people.models import User
from people.policies import signed_in


class NewSuggestionSerializer(SuggestionChangeSerializer):
    asset = serializers.CharField(help_text="Key of the asset.")


class TextToEditSerializer(serializers.Serializer[Any]):
    """What a suggestion starts from."""

    asset = serializers.CharField()
    version = serializers.IntegerField()
    text = serializers.CharField(help_text="The body; without answers for who may not see them.")
    answers = serializers.BooleanField(help_text="Whether the text holds right answers.")


class NewReviewFlagSerializer(serializers.Serializer[Any]):
    asset = serializers.CharField(help_text="Key of the asset.")
    kind = serializers.ChoiceField(ReviewFlag.Kind.choices)
    text = serializers.CharField(max_length=FLAG_LENGTH, required=False, allow_blank=True, default="")


def version_open_to(user: User, key: str) -> Version:
    """The version that is decided for the person. Raises Http404, for a closed asset as for one that does not exist."""
    opened = find_open(user, key)
    if opened is None:
        raise Http404(_("There is no asset “%(key)s” that is open to you.") % {"key": key})
    found = Version.objects.select_related("asset__collection")
    return found.get(pk=opened.resolved.version_id)


@extend_schema(tags=["review"])
class SuggestionViewSet(SuggestionsViewSet):
    """Suggested edits: one's own, and those one may answer."""

    @extend_schema(request=NewSuggestionSerializer, responses={201: SuggestionDetailSerializer})
    def create(self, request: Request) -> Response:
        """Suggest an edit of the version one sees. `text` is the body as `text/` gave it, edited."""
        user = signed_in(request)
        given = valid(NewSuggestionSerializer, request)
        base = version_open_to(user, given.pop("asset"))
        require_suggest(user, base.asset)
        proposal = Proposal(given.pop("text"), redacted=not may_see_answers(user, base.asset))
        made = make_suggestion(actor=user, base=base, source=proposed_source(base.source, proposal), **given)
        return self._detail(request, made, status.HTTP_201_CREATED)

    @extend_schema(parameters=[OpenApiParameter("asset", str, required=True)], responses=TextToEditSerializer)
    @action(detail=False, methods=["get"], url_path="text", filterset_class=None, pagination_class=None)
    def text(self, request: Request) -> Response:
        """The text to edit: the body of the version one sees."""
        user = signed_in(request)
        base = version_open_to(user, request.query_params.get("asset", ""))
        require_suggest(user, base.asset)
        answers = may_see_answers(user, base.asset)
        text = shown_text(base.source, answers=answers)
        return Response({"asset": base.asset.key, "version": base.number, "text": text, "answers": answers})


@extend_schema(tags=["review"])
class ReviewFlagViewSet(ReviewFlagsViewSet):
    """Review flags: one's own, and those one may answer."""

    @extend_schema(request=NewReviewFlagSerializer, responses={201: ReviewFlagSerializer})
    def create(self, request: Request) -> Response:
        """Flag the version one sees. A second flag of one kind changes the text of the first."""
        user = signed_in(request)
        given = valid(NewReviewFlagSerializer, request)
        version = version_open_to(user, given.pop("asset"))
        flag = raise_review_flag(actor=user, asset_id=version.asset_id, version_id=version.pk, **given)
        return Response(ReviewFlagSerializer(flag).data, status.HTTP_201_CREATED)
