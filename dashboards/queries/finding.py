"""The sentence a page opens with. It comes from the figures shown, or is left out."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from dashboards.queries.board import CellShown
from telemetry.queries.outcomes import State
from telemetry.queries.withhold import MINIMUM

_LONGEST = 150  # characters of a headline of two sentences


def finding(cells: Iterable[CellShown]) -> str:
    """Where most people are losing something, then where the fewest of many asked are able; "" without either.

    No query. Of equal cells the first in the order of the page is taken.
    """
    every = [shown for shown in cells if shown.counted]
    fading = max(_in_state(every, State.FADING), key=_fading, default=None)
    weak = min(
        (s for s in _in_state(every, State.NOT_ABLE_YET) if _answered(s) >= MINIMUM and s.team != _team(fading)),
        key=_share_able,
        default=None,
    )
    sentences = [_losing(fading)] if fading else []
    if weak:
        sentences.append(_weak(weak))
    if not sentences:
        return _all_able(every)
    both = " ".join(sentences)
    return both if len(both) <= _LONGEST else sentences[0]


def as_phrase(statement: str) -> str:
    """An outcome inside a sentence: "Issue a refund." → "issue a refund". Acronyms stay as they are."""
    text = statement.strip().rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _all_able(every: list[CellShown]) -> str:
    met = [s for s in every if s.state != State.NOT_REACHED]
    if not met or any(s.state != State.ABLE for s in met):
        return ""
    return _("Every team that was reached is able.")


def _losing(shown: CellShown) -> str:
    words = _figures(shown)
    if shown.team.named:
        return _("%(able)s of %(people)s people in %(team)s can still %(what)s.") % words
    return _("%(team)s is losing what it takes to %(what)s.") % words


def _weak(shown: CellShown) -> str:
    words = _figures(shown)
    if shown.team.named:
        return _("%(able)s of %(people)s people in %(team)s can %(what)s.") % words
    return _("%(team)s is not able yet to %(what)s.") % words


def _figures(shown: CellShown) -> dict[str, object]:
    assert shown.cell is not None  # only counted cells come here
    return {
        "able": shown.cell.able,
        "people": shown.cell.people,
        "team": shown.team.name,
        "what": as_phrase(shown.outcome.statement),
    }


def _in_state(cells: list[CellShown], state: State) -> list[CellShown]:
    return [s for s in cells if s.state == state]


def _fading(shown: CellShown) -> int:
    return shown.cell.fading if shown.cell else 0


def _answered(shown: CellShown) -> int:
    return shown.cell.answered if shown.cell else 0


def _share_able(shown: CellShown) -> float:
    return shown.cell.able / shown.cell.people if shown.cell and shown.cell.people else 1.0


def _team(shown: CellShown | None) -> object:
    return shown.team if shown else None
