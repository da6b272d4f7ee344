"""One row of an import of people: its cells read, checked and compared with what is known. Writes nothing."""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from people.actions.people import UNCHECKED
from people.models import AttributeDefinition, Team, User

TEXTS: Final = ("email", "first_name", "last_name", "job_role", "region", "locale", "timezone")
REQUIRED: Final = ("username", "email", "first_name", "last_name", "team", "job_role", "region")
COLUMNS: Final = (*REQUIRED, "locale", "timezone", "start_date", "groups", "active")
ATTRIBUTE: Final = "attr."
_YES: Final = frozenset({"", "1", "true", "yes", "y", "active"})
_NO: Final = frozenset({"0", "false", "no", "n", "inactive"})
_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_DEFAULT_LOCALE: Final = "en-GB"


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """What is wrong, and where. `line` counts from 1, the header included; 0 means the file as a whole."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = _("Line %(line)d") % {"line": self.line} if self.line else ""
        if self.column:
            place = f"{place}, {self.column}" if place else self.column
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The cells of one line by column name. A column that the file does not have is not in it."""

    line: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Plan:
    """What one row asks for: the person as they would be, and what differs from now."""

    line: int
    person: User
    is_new: bool
    changed: set[str] = field(default_factory=set)
    group_ids: frozenset[int] | None = None  # None: the file says nothing about groups
    was_active: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are read against. See `load_known`."""

    people: Mapping[str, User]  # by lower-case username
    teams: Mapping[str, Team]
    groups: Mapping[str, Group]  # by lower-case name
    attributes: Mapping[str, AttributeDefinition]
    memberships: Mapping[int, frozenset[int]]  # person → groups


def load_known(usernames: Iterable[str]) -> Known:
    """Everything the rows can name. Locks the people named. 5 queries, however many rows."""
    wanted = [username.lower() for username in usernames]
    found = User.objects.select_for_update(of=("self",)).annotate(lower=Lower("username")).filter(lower__in=wanted)
    people = {person.username.lower(): person for person in found.order_by("pk")}
    memberships: dict[int, set[int]] = {}
    through = User.groups.through.objects.filter(user__in=[person.pk for person in people.values()])
    for person_id, group_id in through.values_list("user_id", "group_id"):
        memberships.setdefault(person_id, set()).add(group_id)
    return Known(
        people=people,
        teams={team.key: team for team in Team.objects.all()},
        groups={group.name.lower(): group for group in Group.objects.all()},
        attributes={definition.key: definition for definition in AttributeDefinition.objects.all()},
        memberships={person_id: frozenset(ids) for person_id, ids in memberships.items()},
    )


def check_columns(columns: Sequence[str], known: Known, *, partial: bool) -> list[ImportProblem]:
    """Problems of the header (line 1): missing, unknown and repeated columns, undeclared attributes."""
    problems = []
    for name in REQUIRED:
        if name not in columns and (name == "username" or not partial):
            message = _("The column “%(column)s” is missing. Add it, or import only the columns in the file (partial).")
            if name == "username":
                message = _("The column “%(column)s” is missing. Each line needs it to say who is meant.")
            problems.append(ImportProblem(1, name, message % {"column": name}))
    possible = [*COLUMNS, *(ATTRIBUTE + key for key in known.attributes)]
    for position, name in enumerate(columns):
        if name in columns[:position]:
            problems.append(ImportProblem(1, name, _("This column is there twice.")))
        elif name not in possible:
            problems.append(ImportProblem(1, name, _unknown_column(name, possible)))
    return problems


def _unknown_column(name: str, possible: Sequence[str]) -> str:
    if name.startswith(ATTRIBUTE):
        return _("No attribute “%(key)s” is declared. Declare it first, or leave the column out.") % {
            "key": name.removeprefix(ATTRIBUTE)
        }
    near = difflib.get_close_matches(name, possible, 1)
    if near:
        return _("This column is not known. Did you mean “%(near)s”?") % {"near": near[0]}
    return _("This column is not known. Known are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}


class RowReader:
    """Reads rows against `known`; collects `problems` of all of them. No query."""

    def __init__(self, known: Known, *, listed_is_active: bool) -> None:
        self.known = known
        self.listed_is_active = listed_is_active
        self.problems: list[ImportProblem] = []
        self._lines: dict[str, int] = {}

    def read(self, row: PersonRow) -> Plan | None:
        """The plan for `row`; None when its person cannot be told."""
        username = row.cells.get("username", "")
        first = self._lines.setdefault(username.lower(), row.line)
        existing = self.known.people.get(username.lower())
        problem = ""
        if not username:
            problem = _("This is empty. Each line needs a username.")
        elif first != row.line:
            problem = _("“%(username)s” is already on line %(line)d.") % {"username": username, "line": first}
        elif existing is not None and existing.username != username:
            problem = _("“%(username)s” is known as “%(known)s”. Write it the same way.") % {
                "username": username,
                "known": existing.username,
            }
        if problem:
            self._add(row, "username", problem)
            return None
        plan = Plan(row.line, existing or User(username=username, locale=_DEFAULT_LOCALE), existing is None)
        plan.was_active = plan.person.is_active
        if existing is None:
            plan.person.set_unusable_password()
        self._fill(plan, row)
        self._validate(plan, row)
        return plan

    def _add(self, row: PersonRow, column: str, message: str) -> None:
        self.problems.append(ImportProblem(row.line, column, message))

    def _set(self, plan: Plan, name: str, value: Any) -> None:
        if getattr(plan.person, name) != value:
            setattr(plan.person, name, value)
            plan.changed.add(name)

    def _fill(self, plan: Plan, row: PersonRow) -> None:
        for name in TEXTS:
            if name in row.cells:
                self._set(plan, name, row.cells[name] or (_DEFAULT_LOCALE if name == "locale" else ""))
        self._fill_team(plan, row)
        self._fill_start_date(plan, row)
        self._fill_active(plan, row)
        self._fill_groups(plan, row)
        self._fill_attributes(plan, row)

    def _fill_team(self, plan: Plan, row: PersonRow) -> None:
        key = row.cells.get("team")
        if key is None:
            return
        team = self.known.teams.get(key) if key else None
        if key and team is None:
            near = difflib.get_close_matches(key, self.known.teams, 1)
            hint = _(" Did you mean “%(near)s”?") % {"near": near[0]} if near else ""
            self._add(row, "team", _("No team has the key “%(key)s”.") % {"key": key} + hint)
            return
        team_id = team.pk if team else None
        if plan.person.team_id != team_id:
            plan.person.team = team
            plan.changed.add("team")

    def _fill_start_date(self, plan: Plan, row: PersonRow) -> None:
        text = row.cells.get("start_date")
        if text is None:
            return
        try:
            self._set(plan, "start_date", dt.date.fromisoformat(text) if text else None)
        except ValueError:
            message = _("“%(value)s” is not a date. Write it as 2026-11-24.") % {"value": text}
            self._add(row, "start_date", message)

    def _fill_active(self, plan: Plan, row: PersonRow) -> None:
        text = row.cells.get("active")
        if text is None:
            if self.listed_is_active:
                self._set(plan, "is_active", True)
        elif text.lower() in _YES | _NO:
            self._set(plan, "is_active", text.lower() in _YES)
        else:
            self._add(row, "active", _("“%(value)s” is neither yes nor no.") % {"value": text})

    def _fill_groups(self, plan: Plan, row: PersonRow) -> None:
        text = row.cells.get("groups")
        if text is None:
            return
        names = [name.strip() for name in text.split(";") if name.strip()]
        for name in names:
            if name.lower() not in self.known.groups:
                choices = ", ".join(sorted(group.name for group in self.known.groups.values()))
                message = _("No group is called “%(name)s”. There are: %(choices)s.")
                self._add(row, "groups", message % {"name": name, "choices": choices})
        plan.group_ids = frozenset(self.known.groups[n.lower()].pk for n in names if n.lower() in self.known.groups)
        held = self.known.memberships.get(plan.person.pk, frozenset()) if not plan.is_new else frozenset()
        if plan.group_ids != held:
            plan.changed.add("groups")

    def _fill_attributes(self, plan: Plan, row: PersonRow) -> None:
        values = dict(plan.person.attributes)
        for column, text in row.cells.items():
            key = column.removeprefix(ATTRIBUTE)
            if not column.startswith(ATTRIBUTE) or key not in self.known.attributes:
                continue
            try:
                value = self.known.attributes[key].read(text)
            except ValidationError as error:
                self._add(row, column, " ".join(error.messages))
                continue
            values.pop(key, None)
            if value is not None:
                values[key] = value
        self._set(plan, "attributes", values)

    def _validate(self, plan: Plan, row: PersonRow) -> None:
        if not _LOCALE.fullmatch(plan.person.locale):
            message = _("“%(value)s” is not a locale. Write it as en-GB.") % {"value": plan.person.locale}
            self._add(row, "locale", message)
        try:
            plan.person.clean_fields(exclude=UNCHECKED)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._add(row, name, " ".join(messages))
