"""Charts are pure: what goes in as figures comes out as SVG that says the same."""

import re
from xml.etree import ElementTree

import pytest

from dashboards.charts.line import Line, Marker, line_chart, merged, path_of
from dashboards.charts.rate import rate_chart


def test_a_line_goes_through_its_figures() -> None:
    assert path_of([0, 50, 100], 100) == "M0 100 L50 50 L100 0"
    assert path_of([2, 4], 8) == "M0 75 L100 50"


def test_a_gap_is_no_line_and_a_lone_figure_is_a_dot() -> None:
    assert path_of([None, 50, None, 20, 30], 100) == "M25 50 L25 50 M75 80 L100 70"
    assert path_of([None, None], 100) == ""
    assert path_of([40], 100) == "M0 60 L0 60"


def test_labels_that_would_touch_become_one() -> None:
    near = [Marker(0.5, "v3"), Marker(0.1, "v1"), Marker(0.55, "v4"), Marker(0.58, "v5")]
    assert merged(near) == [Marker(0.1, "v1"), Marker(0.5, "v3 … v5")]
    assert merged([Marker(0.5, "v3"), Marker(0.52, "v3")]) == [Marker(0.5, "v3")]
    assert merged([]) == []


def test_the_chart_says_what_it_shows() -> None:
    chart = line_chart(
        Line(
            key="able",
            title="Able <b>",
            description="From 10% to 80%.",
            values=[10, None, 80],
            ends="80%",
            markers=[Marker(0.5, "v4")],
            x_labels=[(0, "31 Aug"), (1, "23 Nov")],
        )
    )
    root = ElementTree.fromstring(chart)
    assert root.attrib["role"] == "img"
    assert "viewBox" not in root.attrib
    assert [root.find(name).text for name in ("title", "desc")] == ["Able <b>", "From 10% to 80%."]  # type: ignore[union-attr]
    assert root.attrib["aria-labelledby"].split() == ["able-t", "able-d"]
    texts = [text.text for text in root.iter("text")]
    assert texts == ["0", "50", "100", "v4", "80%", "31 Aug", "23 Nov"]
    assert not re.search(r"\sstyle=", chart)
    places = [float(x) for x in re.findall(r'(?:x|x1|cx)="([\d.]+)%"', chart)]
    assert all(0 <= place <= 100 for place in places)


def test_a_lower_panel_takes_the_release_lines_up_without_their_labels() -> None:
    chart = line_chart(Line("x", "X", "X.", [1, 2], "2", markers=[Marker(0.5, "v4")], above=72))
    assert 'y1="-72"' in chart
    assert "v4" not in chart


def test_no_figure_draws_no_end() -> None:
    assert "circle" not in line_chart(Line("x", "X", "X.", [None, None], ""))


@pytest.mark.parametrize(("share", "low", "high"), [(0.5, 0.25, 0.75), (1.0, 0.2, 1.0), (0.0, 0.0, 0.1)])
def test_a_rate_lies_in_its_band(share: float, low: float, high: float) -> None:
    chart = rate_chart(share, (low, high))
    assert f'x="{100 * low:.4g}%"' in chart
    assert f'cx="{100 * share:.4g}%"' in chart
