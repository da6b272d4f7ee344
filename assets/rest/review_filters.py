"""What lists of suggestions and review flags can be narrowed by."""

import django_filters
from django.db.models import QuerySet

from assets.models import ReviewFlag, Suggestion


class SuggestionFilter(django_filters.FilterSet):
    asset = django_filters.CharFilter("asset__key", label="key of the asset")
    author = django_filters.CharFilter("author__username", label="username")
    reviewer = django_filters.CharFilter("reviewer__username", label="username")
    pending = django_filters.BooleanFilter(method="by_pending", label="waits for an answer")

    class Meta:
        model = Suggestion
        fields = ("state",)

    def by_pending(self, queryset: QuerySet[Suggestion], _name: str, value: bool) -> QuerySet[Suggestion]:
        """Those that wait for an answer, or those that have one."""
        waiting = {"state__in": ["open", "changes_asked"]}
        return queryset.filter(**waiting) if value else queryset.exclude(**waiting)


class ReviewFlagFilter(django_filters.FilterSet):
    asset = django_filters.CharFilter("asset__key", label="key of the asset")
    open = django_filters.BooleanFilter("closed_at", lookup_expr="isnull", label="waits for an answer")

    class Meta:
        model = ReviewFlag
        fields = ("kind",)
