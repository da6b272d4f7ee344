"""The two panels of "Is it moving": people able, and first tries that were right, over the same weeks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts.line import Line, Marker, line_chart
from dashboards.queries.figures import WeekShown
from dashboards.queries.trend import Trend

_UP_TO_FIRST_PANEL = 72  # px from the lower panel's plot to the upper one's, so that the dotted lines join


def panels(trend: Trend) -> list[tuple[str, SafeString]]:
    """(heading, chart) of each panel that has a figure, top first."""
    found: list[tuple[str, Line]] = []
    if any(week.able_rate is not None for week in trend.weeks):
        found.append(_able(trend))
    if any(week.pass_rate is not None for week in trend.weeks):
        found.append(_right_first(trend))
    return [
        (
            heading,
            line_chart(_placed(line, last=i + 1 == len(found), above=_UP_TO_FIRST_PANEL if i else 0, trend=trend)),
        )
        for i, (heading, line) in enumerate(found)
    ]


def _able(trend: Trend) -> tuple[str, Line]:
    asked = trend.weeks[-1].asked
    people = ngettext("%(n)s person", "%(n)s people", asked) % {"n": f"{asked}" if trend.exact else f"{asked}+"}
    rates = [week.able_rate for week in trend.weeks]
    return _("Able, %% of %(people)s asked") % {"people": people}, Line(
        key="trend-able",
        title=_("Able to do it, share of %(people)s asked, %(n)d weeks") % {"people": people, "n": len(rates)},
        description=_spoken(trend, rates),
        values=_per_cent(rates),
        ends=_ends(rates),
    )


def _right_first(trend: Trend) -> tuple[str, Line]:
    n = sum(week.first_answers for week in trend.weeks)
    rates = [week.pass_rate for week in trend.weeks]
    figure = f"{n:,}" if trend.exact else f"{n:,}+"
    return _("Right on the first try, %% of answers, n = %(n)s") % {"n": figure}, Line(
        key="trend-first",
        title=_("Right on the first try, share of answers, %(n)d weeks") % {"n": len(rates)},
        description=_spoken(trend, rates),
        values=_per_cent(rates),
        ends=_ends(rates),
        ink=True,
    )


def _placed(line: Line, *, last: bool, above: int, trend: Trend) -> Line:
    """The panel in its place: releases through all, days under the last."""
    return replace(line, markers=_markers(trend), above=above, x_labels=_days(trend.weeks) if last else ())


def _markers(trend: Trend) -> list[Marker]:
    """Where the releases are. A point of the line is a week as of its end, so the axis runs over those ends."""
    first = datetime.combine(trend.weeks[0].starts, time(), UTC) + timedelta(days=7)
    span = timedelta(weeks=max(1, len(trend.weeks) - 1))
    places = [(max(0.0, (released.at - first) / span), released) for released in trend.releases]
    return [Marker(min(1.0, at), f"v{released.number}") for at, released in places]


def _days(weeks: Sequence[WeekShown]) -> list[tuple[float, str]]:
    last = len(weeks) - 1
    shown = sorted({0, round(last / 3), round(2 * last / 3), last})
    return [(i / max(1, last), date_format(weeks[i].starts, "j M")) for i in shown]


def _per_cent(rates: list[float | None]) -> list[float | None]:
    return [None if rate is None else 100 * rate for rate in rates]


def _ends(rates: list[float | None]) -> str:
    known = [rate for rate in rates if rate is not None]
    return f"{known[-1]:.0%}"


def _spoken(trend: Trend, rates: list[float | None]) -> str:
    """The line in words: where it began, at each release, and now."""
    known = [(week, rate) for week, rate in zip(trend.weeks, rates, strict=True) if rate is not None]
    first, last = known[0], known[-1]
    parts = [_("%(rate)s in the week of %(day)s") % {"rate": f"{first[1]:.0%}", "day": _day(first[0])}]
    for released in trend.releases:
        before = [rate for week, rate in known if week.starts <= released.at.date()]
        if before:
            parts.append(
                _("%(rate)s when v%(number)d was released") % {"rate": f"{before[-1]:.0%}", "number": released.number}
            )
    parts.append(_("%(rate)s in the week of %(day)s") % {"rate": f"{last[1]:.0%}", "day": _day(last[0])})
    return ", ".join(dict.fromkeys(parts)) + "."


def _day(week: WeekShown) -> str:
    return date_format(week.starts, "j F")
