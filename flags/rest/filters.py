"""What lists of audiences and flags can be narrowed by."""

import django_filters
from django.db.models import QuerySet

from flags.models import Audience, Flag


class AudienceFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Audience
        fields = ("key", "name", "shared")


class FlagFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains")
    killed = django_filters.BooleanFilter(method="by_killed", label="killed")

    class Meta:
        model = Flag
        fields = ("name", "audience", "killed")

    def by_killed(self, queryset: QuerySet[Flag], _name: str, value: bool) -> QuerySet[Flag]:
        """Flags whose kill switch is on, or off."""
        return queryset.filter(everyone=False) if value else queryset.filter(everyone=None)
