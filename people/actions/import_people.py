"""Bring many people in line with a list: make, change, deactivate. All of it or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from people.actions.import_rows import ImportProblem, PersonRow, Plan, RowReader, check_columns, load_known
from people.actions.people import operators, require_an_operator
from people.models import AuditEntry, User

BATCH: Final = 1000
_LOCK: Final = "people.import_people"


@dataclass(frozen=True, slots=True)
class ImportChange:
    """What happens, or would happen, to one person. `line` is 0 for somebody the file does not name."""

    line: int
    username: str
    what: str  # "created", "updated", "deactivated", "reactivated"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of an import. `dry_run`: nothing was written."""

    dry_run: bool
    unchanged: int
    changes: Sequence[ImportChange] = field(default_factory=tuple)

    def count(self, what: str) -> int:
        """How many people were created, updated, deactivated or reactivated."""
        return sum(change.what == what for change in self.changes)


class ImportRefused(ValidationError):
    """The file cannot be taken; nothing was written. `problems` holds every place that is wrong."""

    def __init__(self, problems: Sequence[ImportProblem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__([str(problem) for problem in self.problems])


@transaction.atomic
def import_people(
    *,
    actor: User | None,
    columns: Sequence[str],
    rows: Sequence[PersonRow],
    partial: bool = False,
    deactivate_missing: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Make, change and deactivate people as `rows` say; a row speaks only of the columns it has.

    Args:
        columns: names of the header, see `import_rows.COLUMNS`, and `attr.<key>`.
        partial: allow a header without all the usual columns; what is left out stays as it is.
        deactivate_missing: deactivate everybody whom the rows do not name, but for the actor and superusers.
            People who are named and have no `active` cell are active.
        dry_run: find out everything, write nothing.

    Raises ImportRefused with all problems of all rows, before anything is written.
    Locks: one import at a time (advisory), and the people named. Queries for each 1,000 rows: at most 6; and 12 more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    known = load_known(row.cells.get("username", "") for row in rows)
    problems = check_columns(columns, known, partial=partial)
    reader = RowReader(known, listed_is_active=deactivate_missing)
    plans = [] if problems else [plan for row in rows if (plan := reader.read(row))]
    problems.extend(reader.problems)
    if actor is not None:
        problems.extend(
            ImportProblem(plan.line, "active", _("You cannot deactivate your own account."))
            for plan in plans
            if plan.person.pk == actor.pk and not plan.person.is_active
        )
    if problems:
        raise ImportRefused(problems)
    missing = _missing(plans, actor) if deactivate_missing else []
    changes = _changes(plans, missing)
    if not dry_run:
        _write(actor, plans, missing, changes)
    return ImportReport(dry_run=dry_run, unchanged=len(plans) + len(missing) - len(changes), changes=changes)


def _missing(plans: Collection[Plan], actor: User | None) -> list[User]:
    listed = [plan.person.pk for plan in plans if not plan.is_new]
    others = User.objects.select_for_update(of=("self",)).filter(is_active=True, is_superuser=False)
    if actor is not None:
        others = others.exclude(pk=actor.pk)
    return list(others.exclude(pk__in=listed).order_by("pk"))


def _what(plan: Plan) -> str:
    if plan.is_new:
        return "created"
    if plan.was_active != plan.person.is_active:
        return "reactivated" if plan.person.is_active else "deactivated"
    return "updated"


def _changes(plans: Sequence[Plan], missing: Sequence[User]) -> list[ImportChange]:
    named = [
        ImportChange(plan.line, plan.person.username, _what(plan), tuple(sorted(plan.changed)))
        for plan in plans
        if plan.is_new or plan.changed
    ]
    return named + [ImportChange(0, person.username, "deactivated", ("is_active",)) for person in missing]


def _write(actor: User | None, plans: Sequence[Plan], missing: Sequence[User], changes: Sequence[ImportChange]) -> None:
    if not changes:
        return
    before = operators()
    User.objects.bulk_create([plan.person for plan in plans if plan.is_new], batch_size=BATCH)
    changed = [plan for plan in plans if not plan.is_new and plan.changed - {"groups"}]
    names = sorted(set().union(*(plan.changed for plan in changed)) - {"groups"}) if changed else []
    if names:
        User.objects.bulk_update([plan.person for plan in changed], names, batch_size=BATCH)
    if missing:
        User.objects.filter(pk__in=[person.pk for person in missing]).update(is_active=False)
    _write_groups([plan for plan in plans if plan.group_ids is not None and "groups" in plan.changed])
    require_an_operator(before)
    ids = {plan.person.username: plan.person.pk for plan in plans} | {p.username: p.pk for p in missing}
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                actor=actor,
                action=f"person.{change.what}",
                object_type="person",
                object_key=str(ids[change.username]),
                data={"changed": list(change.fields), "by": "import"},
            )
            for change in changes
        ],
        batch_size=BATCH,
    )


def _write_groups(plans: Sequence[Plan]) -> None:
    if not plans:
        return
    through = User.groups.through
    through.objects.filter(user__in=[plan.person.pk for plan in plans]).delete()
    links = [
        through(user_id=plan.person.pk, group_id=group_id)
        for plan in plans
        for group_id in sorted(plan.group_ids or ())
    ]
    through.objects.bulk_create(links, batch_size=BATCH)
