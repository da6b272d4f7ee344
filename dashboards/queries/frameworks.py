"""Frameworks and their outcomes, in the order of the tree."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q

from assets.models import Framework, Outcome


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome and the heading it stands under ("" for none)."""

    id: int
    key: str
    statement: str
    heading: str


def frameworks(versions: Collection[int]) -> list[Framework]:
    """Every framework that has outcomes, the one that the versions in force teach the most of first. 1 query."""
    taught = Count("outcomes", filter=Q(outcomes__in_versions__version__in=versions), distinct=True)
    return list(
        Framework.objects.filter(outcomes__is_group=False)
        .annotate(taught=taught)
        .order_by("-taught", "name")
        .only("id", "key", "name")
    )


def outcome_rows(framework_id: int) -> list[OutcomeRow]:
    """The outcomes of a framework in the order of its tree, without the headings. 1 query."""
    children: dict[int | None, list[Outcome]] = {}
    for outcome in Outcome.objects.filter(framework=framework_id).order_by("position", "statement", "pk"):
        children.setdefault(outcome.parent_id, []).append(outcome)
    return list(_walk(children, None, "", frozenset()))


def _walk(
    children: dict[int | None, list[Outcome]], parent: int | None, heading: str, above: frozenset[int]
) -> Iterator[OutcomeRow]:
    """Outcomes that are no headings first, so that they do not seem to belong to the heading before them."""
    for outcome in sorted(children.get(parent, ()), key=lambda o: o.is_group):
        if outcome.pk in above:
            continue  # a loop that the database does not refuse
        if not outcome.is_group:
            yield OutcomeRow(outcome.pk, outcome.key, outcome.statement, heading)
        below = outcome.statement if outcome.is_group else heading
        yield from _walk(children, outcome.pk, below, above | {outcome.pk})
