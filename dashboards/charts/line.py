"""A line over time with the releases as dotted lines (LOOK.md, Charts).

An SVG without a viewBox: positions are per cent and the plot alone is stretched, so text keeps its size on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LEFT: Final = 7.0  # per cent of the width kept for the axis labels
WIDTH: Final = 79.0  # per cent taken by the plot; what is left is for the label at the end of the line
TOP: Final = 24  # px above the plot, for the labels of releases
HEIGHT: Final = 140  # px of the plot
_NEAR: Final = 0.09  # labels of releases nearer than this share of the axis become one


@dataclass(frozen=True, slots=True)
class Marker:
    """A release: where on the time axis (0 to 1) and its label, such as "v4"."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One panel.

    `values` are evenly spaced in time, in the unit of the axis, None where there is no figure; `maximum` is the top of
    the axis, which starts at zero; `ticks` are the labelled values. `ends`: the label at the end of the line.
    `x_labels`: (place 0 to 1, text) under the axis. `above`: px that the release lines reach up through the panels
    over this one, 0 for the topmost, which carries their labels.
    """

    key: str
    title: str
    description: str
    values: Sequence[float | None]
    ends: str
    maximum: float = 100.0
    ticks: Sequence[float] = (0, 50, 100)
    markers: Sequence[Marker] = ()
    x_labels: Sequence[tuple[float, str]] = ()
    ink: bool = False
    above: int = 0


def line_chart(line: Line) -> SafeString:
    """The panel as `<svg class="chart">`, with a title and a description for screen readers."""
    return format_html(
        '<svg class="chart{}" role="img" aria-labelledby="{}-t {}-d"><title id="{}-t">{}</title>'
        '<desc id="{}-d">{}</desc><svg x="0" y="{}" width="100%" height="{}" overflow="visible">{}{}{}{}{}</svg></svg>',
        " m" if line.x_labels else "",
        *(line.key, line.key, line.key, line.title, line.key, line.description),
        *(TOP, HEIGHT),
        _axis(line),
        _releases(line),
        _plot(line),
        _end(line),
        _days(line),
    )


def path_of(values: Sequence[float | None], maximum: float) -> str:
    """The `d` of the line in a plot of 100 × 100; a gap where there is no figure, a dot for a lone one."""
    step = 100 / max(1, len(values) - 1)
    pieces: list[str] = []
    for i, value in enumerate(values):
        if value is None:
            continue
        alone_before = i == 0 or values[i - 1] is None
        place = f"{_short(i * step)} {_short(100 - 100 * value / maximum)}"
        pieces.append(f"{'M' if alone_before else 'L'}{place}")
        if alone_before and (i + 1 == len(values) or values[i + 1] is None):
            pieces.append(f"L{place}")  # a round cap makes a line of no length a dot
    return " ".join(pieces)


def merged(markers: Sequence[Marker]) -> list[Marker]:
    """Markers whose labels would touch become one: "v3, v4", or "5 releases" when there are many."""
    groups: list[list[Marker]] = []
    for marker in sorted(markers, key=lambda m: m.at):
        if groups and marker.at - groups[-1][-1].at < _NEAR:
            groups[-1].append(marker)
        else:
            groups.append([marker])
    return [Marker(group[0].at, _label([m.label for m in group])) for group in groups]


def _label(labels: list[str]) -> str:
    different = list(dict.fromkeys(labels))
    return ", ".join(different) if len(different) <= 2 else f"{different[0]} … {different[-1]}"


def _axis(line: Line) -> SafeString:
    return format_html_join(
        "",
        '<line class="{}" x1="{}%" x2="{}%" y1="{}%" y2="{}%"/>'
        '<text x="{}%" y="{}%" dx="-7" dy="4" text-anchor="end">{}</text>',
        (
            ("grid" if tick else "base", _short(LEFT), _short(LEFT + WIDTH), y, y, _short(LEFT), y, _short(tick))
            for tick in line.ticks
            for y in [_short(100 - 100 * tick / line.maximum)]
        ),
    )


def _releases(line: Line) -> SafeString:
    top = -line.above if line.above else -6
    lines = format_html_join(
        "",
        '<line class="rel" x1="{}%" x2="{}%" y1="{}" y2="100%"/>',
        ((x, x, top) for marker in line.markers for x in [_across(marker.at)]),
    )
    if line.above:
        return lines
    return lines + format_html_join(
        "",
        '<text class="b" x="{}%" y="-11" text-anchor="{}">{}</text>',
        ((_across(marker.at), _anchor(marker.at), marker.label) for marker in merged(line.markers)),
    )


def _plot(line: Line) -> SafeString:
    return format_html(
        '<svg x="{}%" y="0" width="{}%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none" '
        'overflow="visible"><path class="ln{}" d="{}"/></svg>',
        *(_short(LEFT), _short(WIDTH)),
        " ink" if line.ink else "",
        path_of(line.values, line.maximum),
    )


def _end(line: Line) -> SafeString:
    """A dot and the value at the last figure there is."""
    known = [(i, value) for i, value in enumerate(line.values) if value is not None]
    if not known:
        return SafeString("")
    i, value = known[-1]
    x, y = _across(i / max(1, len(line.values) - 1)), _short(100 - 100 * value / line.maximum)
    return format_html(
        '<circle class="dot{}" cx="{}%" cy="{}%" r="5"/><text class="b" x="{}%" y="{}%" dx="10" dy="4">{}</text>',
        *(" k" if line.ink else "", x, y, x, y, line.ends),
    )


def _days(line: Line) -> SafeString:
    return format_html_join(
        "",
        '<text x="{}%" y="100%" dy="20" text-anchor="{}">{}</text>',
        ((_across(at), _anchor(at), text) for at, text in line.x_labels),
    )


def _anchor(at: float) -> str:
    return "start" if at <= 0.02 else "end" if at >= 0.98 else "middle"


def _across(at: float) -> str:
    return _short(LEFT + WIDTH * min(1.0, max(0.0, at)))


def _short(number: float) -> str:
    return f"{round(number, 2):g}"
