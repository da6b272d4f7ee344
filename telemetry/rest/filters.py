"""What lists of statements can be narrowed by."""

import django_filters
from django.db.models import QuerySet

from people.rest.filters import MomentFilter
from telemetry.models import Statement
from telemetry.xapi.vocabulary import dictionary_id, verb_iri


class StatementFilter(django_filters.FilterSet):
    verb = django_filters.CharFilter(method="by_verb", label="“answered”, or the IRI of a verb")
    asset = django_filters.NumberFilter(field_name="asset_id")
    version = django_filters.NumberFilter(field_name="version_id")
    check = django_filters.NumberFilter(field_name="check_id")
    claimed = django_filters.BooleanFilter(field_name="claimed")
    since = MomentFilter(field_name="stored", lookup_expr="gt")  # xAPI 2.1.3: stored since
    until = MomentFilter(field_name="stored", lookup_expr="lte")

    class Meta:
        model = Statement
        fields = ("verb", "asset", "version", "check", "claimed", "since", "until")

    def by_verb(self, queryset: QuerySet[Statement], _name: str, value: str) -> QuerySet[Statement]:
        """Statements with a verb, named shortly or by its IRI."""
        return queryset.filter(verb_id=dictionary_id(value if ":" in value else verb_iri(value)))
