"""People by name: who needs help with what, and where everybody of a team stands. Only for who may see names there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dashboards.queries.board import LOOKS
from dashboards.queries.finding import as_phrase
from dashboards.queries.frameworks import OutcomeRow
from dashboards.queries.teaching import Teaches
from people.models import User
from telemetry.policies import FigureScope
from telemetry.queries.help import NeedsHelp, who_needs_help
from telemetry.queries.outcomes import State
from telemetry.queries.persons import states_of_people

_SAID: Final = 2  # outcomes of one person that are said in full


@dataclass(frozen=True, slots=True)
class Need:
    """One outcome a person is not able in now, and the assets that help."""

    outcome: OutcomeRow
    need: NeedsHelp
    helps: Sequence[Teaches]

    @property
    def look(self) -> str:
        """fading or notyet."""
        return LOOKS[self.need.state]

    @property
    def phrase(self) -> str:
        """The outcome inside a sentence."""
        return as_phrase(self.outcome.statement)

    @property
    def wrong_since(self) -> bool:
        """Whether an answer came after the last right one."""
        return self.need.last_right_at is not None and self.need.last_at > self.need.last_right_at


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One person and what they need help with, the most pressing first."""

    person: User
    needs: Sequence[Need]

    @property
    def first(self) -> Sequence[Need]:
        """What is said in full."""
        return self.needs[:_SAID]

    @property
    def more(self) -> int:
        """How many outcomes are not said."""
        return max(0, len(self.needs) - _SAID)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the team: a state for each outcome that something in force teaches."""

    person: User
    states: Sequence[tuple[OutcomeRow, State, Sequence[Teaches]]]

    def count(self, state: State) -> int:
        """In how many outcomes they are in `state`."""
        return sum(found == state for _outcome, found, _helps in self.states)

    @property
    def able(self) -> int:
        """In how many outcomes they are able."""
        return self.count(State.ABLE)

    @property
    def fading(self) -> int:
        """In how many outcomes they were able."""
        return self.count(State.FADING)

    @property
    def marks(self) -> list[tuple[str, OutcomeRow, Sequence[Teaches]]]:
        """(look of the state, outcome, what helps), what needs help first."""
        order = (State.FADING, State.NOT_ABLE_YET, State.NOT_REACHED, State.ABLE)
        return [
            (LOOKS[state], outcome, () if state == State.ABLE else helps)
            for outcome, state, helps in sorted(self.states, key=lambda row: order.index(row[1]))
        ]


def help_rows(
    scope: FigureScope,
    outcomes: Sequence[OutcomeRow],
    *,
    versions: Collection[int],
    taught: Mapping[int, Sequence[Teaches]],
    limit: int = 500,
) -> list[HelpRow]:
    """Who needs help with what, of the people whose names `scope` may see; at most `limit` pairs.

    2 queries; none when there are no such people.
    """
    by_id = {outcome.id: outcome for outcome in outcomes}
    if not scope.named or not by_id:
        return []
    found: dict[int, list[Need]] = {}
    for need in who_needs_help(scope.named, list(by_id), versions=versions, limit=limit):
        row = Need(by_id[need.outcome_id], need, taught.get(need.outcome_id, ()))
        found.setdefault(need.person_id, []).append(row)
    people = User.objects.select_related("team").in_bulk(found)
    return [HelpRow(people[person_id], rows) for person_id, rows in found.items() if person_id in people]


def person_rows(
    team_id: int,
    outcomes: Sequence[OutcomeRow],
    *,
    versions: Collection[int],
    taught: Mapping[int, Sequence[Teaches]],
    now: datetime | None = None,
) -> list[PersonRow]:
    """The active people of a team, who needs most help first. Only after `scope.named` said yes. 2 queries."""
    asked = [outcome for outcome in outcomes if outcome.id in taught]
    states = states_of_people([team_id], [outcome.id for outcome in asked], versions=versions, now=now)
    rows = [
        PersonRow(person, [(o, states.get((person.pk, o.id), State.NOT_REACHED), taught[o.id]) for o in asked])
        for person in User.objects.filter(team_id=team_id, is_active=True).order_by("first_name", "last_name", "pk")
    ]
    return sorted(rows, key=lambda row: (-row.fading, row.able))
