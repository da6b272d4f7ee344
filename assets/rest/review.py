"""The review queue over REST. Making suggestions and flags needs a person's decision: delivery.rest.review adds it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assets.actions.review_flags import close_review_flag
from assets.actions.suggestion_text import Proposal, proposed_source
from assets.actions.suggestions import (
    MergeConflicts,
    accept_suggestion,
    ask_for_changes,
    comment_on_suggestion,
    decline_suggestion,
    update_suggestion,
    withdraw_suggestion,
)
from assets.models import ReviewFlag, Suggestion
from assets.policies import (
    may_see_answers,
    review_flag_for_review,
    review_flags_for_reading,
    suggestion_for_author,
    suggestion_for_reading,
    suggestion_for_review,
    suggestions_for_reading,
)
from assets.rest.review_filters import ReviewFlagFilter, SuggestionFilter
from assets.rest.review_serializers import (
    AcceptSerializer,
    CloseFlagSerializer,
    ConflictSerializer,
    MergeConflictsSerializer,
    ReasonSerializer,
    ReviewFlagSerializer,
    SuggestionChangeSerializer,
    SuggestionCommentSerializer,
    SuggestionDetailSerializer,
    SuggestionSerializer,
    TextSerializer,
)
from people.policies import signed_in
from people.rest.permissions import SignedIn


def conflict_response(conflicts: MergeConflicts) -> Response:
    """409 with the places to choose between, as problem details."""
    body = {
        "type": "urn:learningops:problem:merge-conflicts",
        "title": "The draft changed the same place",
        "status": status.HTTP_409_CONFLICT,
        "detail": " ".join(conflicts.messages),
        "conflicts": ConflictSerializer(conflicts.conflicts, many=True).data,
    }
    return Response(body, status.HTTP_409_CONFLICT, content_type="application/problem+json")


def valid(serializer: type[Any], request: Request) -> dict[str, Any]:
    """The checked body of a request."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


@extend_schema(tags=["review"])
class SuggestionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Suggestion]):
    """Suggested edits: one's own, and those one may answer."""

    permission_classes = (SignedIn,)
    queryset = Suggestion.objects.none()
    serializer_class = SuggestionSerializer
    filterset_class = SuggestionFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Suggestion]:
        if getattr(self, "swagger_fake_view", False):
            return Suggestion.objects.none()
        found = suggestions_for_reading(signed_in(self.request))
        people = found.select_related("asset", "base", "author", "reviewer", "decided_by", "merged_in")
        return people.defer("source", "base__source", "merged_in__source").order_by("-created_at", "-pk")

    @extend_schema(responses=SuggestionDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One suggestion with its text and its conversation."""
        return self._detail(request, suggestion_for_reading(signed_in(request), int(pk)))

    @extend_schema(request=SuggestionChangeSerializer, responses=SuggestionDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change one's own suggestion while it waits."""
        user = signed_in(request)
        suggestion = suggestion_for_author(user, int(pk))
        given = valid(SuggestionChangeSerializer, request)
        redacted = not may_see_answers(user, suggestion.asset)
        proposal = Proposal(given.pop("text"), redacted=redacted)
        source = proposed_source(suggestion.base.source, proposal, earlier=suggestion.source)
        update_suggestion(actor=user, suggestion_id=suggestion.pk, source=source, **given)
        return self._again(request, pk)

    @extend_schema(request=AcceptSerializer, responses={200: SuggestionDetailSerializer, 409: MergeConflictsSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Merge it into the draft. 409 with the conflicts while the draft changed the same place."""
        user = signed_in(request)
        suggestion = suggestion_for_review(user, int(pk))
        try:
            accept_suggestion(actor=user, suggestion_id=suggestion.pk, **valid(AcceptSerializer, request))
        except MergeConflicts as conflicts:
            return conflict_response(conflicts)
        return self._again(request, pk)

    @extend_schema(request=ReasonSerializer, responses=SuggestionDetailSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no, and why."""
        user = signed_in(request)
        suggestion = suggestion_for_review(user, int(pk))
        decline_suggestion(actor=user, suggestion_id=suggestion.pk, **valid(ReasonSerializer, request))
        return self._again(request, pk)

    @extend_schema(request=TextSerializer, responses=SuggestionDetailSerializer)
    @action(detail=True, methods=["post"], url_path="ask")
    def ask(self, request: Request, pk: str) -> Response:
        """Send it back with what should be different."""
        user = signed_in(request)
        suggestion = suggestion_for_review(user, int(pk))
        ask_for_changes(actor=user, suggestion_id=suggestion.pk, **valid(TextSerializer, request))
        return self._again(request, pk)

    @extend_schema(request=SuggestionCommentSerializer, responses={201: SuggestionCommentSerializer})
    @action(detail=True, methods=["post"])
    def comments(self, request: Request, pk: str) -> Response:
        """Add a remark, on a line of the suggested file or on the whole."""
        user = signed_in(request)
        suggestion = suggestion_for_reading(user, int(pk))
        given = valid(SuggestionCommentSerializer, request)
        comment = comment_on_suggestion(actor=user, suggestion_id=suggestion.pk, **given)
        return Response(SuggestionCommentSerializer(comment).data, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=SuggestionDetailSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's own suggestion back."""
        user = signed_in(request)
        withdraw_suggestion(actor=user, suggestion_id=suggestion_for_author(user, int(pk)).pk)
        return self._again(request, pk)

    def _again(self, request: Request, pk: str) -> Response:
        return self._detail(request, suggestion_for_reading(signed_in(request), int(pk)))

    def _detail(self, request: Request, suggestion: Suggestion, code: int = status.HTTP_200_OK) -> Response:
        context = {"reader": signed_in(request)}
        return Response(SuggestionDetailSerializer(suggestion, context=context).data, code)


@extend_schema(tags=["review"])
class ReviewFlagViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ReviewFlag]):
    """Review flags: one's own, and those one may answer."""

    permission_classes = (SignedIn,)
    queryset = ReviewFlag.objects.none()
    serializer_class = ReviewFlagSerializer
    filterset_class = ReviewFlagFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[ReviewFlag]:
        if getattr(self, "swagger_fake_view", False):
            return ReviewFlag.objects.none()
        found = review_flags_for_reading(signed_in(self.request))
        people = found.select_related("asset", "version", "raised_by", "closed_by")
        return people.defer("version__source").order_by("-created_at", "-pk")

    @extend_schema(request=CloseFlagSerializer, responses=ReviewFlagSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Answer a review flag and close it."""
        user = signed_in(request)
        flag = review_flag_for_review(user, int(pk))
        closed = close_review_flag(actor=user, flag_id=flag.pk, **valid(CloseFlagSerializer, request))
        return Response(ReviewFlagSerializer(closed).data)
