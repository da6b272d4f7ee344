"""What lists of the library can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet

from assets.models import Asset, Outcome, Version


class AssetFilter(django_filters.FilterSet):
    collection = django_filters.CharFilter("collection__key", label="key of the collection")
    owner = django_filters.CharFilter("owner__username", label="username")
    retired = django_filters.BooleanFilter("retired_at", lookup_expr="isnull", exclude=True, label="out of use")
    q = django_filters.CharFilter(method="by_words", label="words of the title, or of the key")
    review_before = django_filters.DateFilter("review_by", lookup_expr="lt", label="to be reviewed before")

    class Meta:
        model = Asset
        fields = ("kind", "locale")

    def by_words(self, queryset: QuerySet[Asset], _name: str, value: str) -> QuerySet[Asset]:
        """Assets whose title or key holds the words."""
        return queryset.filter(Q(title__icontains=value) | Q(key__icontains=value))


class OutcomeFilter(django_filters.FilterSet):
    framework = django_filters.CharFilter("framework__key", label="key of the framework")
    q = django_filters.CharFilter("statement", lookup_expr="icontains", label="words of the outcome")

    class Meta:
        model = Outcome
        fields = ("is_group",)


class VersionFilter(django_filters.FilterSet):
    asset = django_filters.CharFilter("asset__key", label="key of the asset")

    class Meta:
        model = Version
        fields = ("change_class", "number")
