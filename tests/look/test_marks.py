"""The small marks: icons, states, versions, times, faces, shares."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from learningops.icons import ICONS, STATE_MARKS
from learningops.templatetags import look

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_icon_with_a_literal_name_is_text_in_the_compiled_template() -> None:
    template = Template('{% icon "guide" %}')
    assert [type(node).__name__ for node in template.nodelist] == ["TextNode"]
    assert template.render(Context()).startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path')


def test_icon_by_variable() -> None:
    assert render("{% icon kind %}", kind="video") == look.icon_svg("video")


def test_unknown_icon_is_refused_when_the_template_is_compiled() -> None:
    with pytest.raises(TemplateSyntaxError, match="no drawing “guid”"):
        Template('{% icon "guid" %}')


def test_every_kind_and_channel_has_an_icon() -> None:
    kinds = {"guide", "checklist", "video", "scenario", "practice", "link", "snippet", "pathway"}
    assert kinds | {"email", "slack", "webhook", "portal"} <= set(ICONS)


def test_every_state_has_a_mark_and_a_word() -> None:
    assert set(STATE_MARKS) == set(look.STATE_WORDS)
    assert render('{% state_mark "fading" %} {{ "fading"|state_word }}').endswith("</svg> fading")


def test_version() -> None:
    assert render("{% version 4 %}{% version None %}") == '<span class="v">v4</span>'


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=-5), "in a moment"),
        (timedelta(seconds=50), "1 minute ago"),
        (timedelta(minutes=12), "12 minutes ago"),
        (timedelta(minutes=-12), "in 12 minutes"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(hours=-13), "tomorrow"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=-4), "in 4 days"),
        (timedelta(days=30), "30 days ago"),
        (timedelta(days=31), "24 October 2026"),
    ],
)
def test_relative_time(ago: timedelta, words: str) -> None:
    with timezone.override("UTC"):
        assert look.relative_time(NOON - ago, NOON) == words


def test_time_carries_the_full_moment_in_the_readers_zone() -> None:
    with timezone.override("Europe/Paris"):
        html = look.reltime(datetime(2026, 3, 2, 9, 12, tzinfo=UTC))
    assert html == '<time datetime="2026-03-02T10:12:00+01:00" title="2 March 2026, 10:12">2 March 2026</time>'


def test_time_of_a_date_and_of_nothing() -> None:
    assert look.reltime(date(2020, 5, 1)) == '<time datetime="2020-05-01" title="1 May 2020">1 May 2020</time>'
    assert look.reltime(timezone.localdate(), prefix="due ").endswith(">due today</time>")
    assert look.reltime(None) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(1.84, "1.8 s"), (240, "4 min"), (52 * 3600, "52 hours"), (5 * 86_400, "5 days")]
)
def test_duration_has_a_unit(seconds: float, words: str) -> None:
    assert look.duration(seconds) == look.duration(timedelta(seconds=seconds)) == words
    assert look.duration(None) == ""


@pytest.mark.parametrize(
    ("name", "face"),
    [("Priya Nair", "PN"), ("Ana de la Cruz", "AC"), ("sme", "S"), ("", "?"), ("(guest) Ödön Áron", "ÖÁ")],
)
def test_initials(name: str, face: str) -> None:
    assert look.initials_of(name) == face


def test_a_face_escapes_the_name_and_says_the_role() -> None:
    html = render('{% initials name "Owner" me=True %}', name='<b onclick="x">')
    assert "<b onclick" not in html
    assert html.startswith(
        '<span class="face me" title="&lt;b onclick=&quot;x&quot;&gt;"><span class="sr">Owner </span>'
    )


def test_a_share_carries_its_n() -> None:
    assert look.pct(43, 52) == '83% <span class="faint s">of 52</span>'
    assert look.pct(800, 1600) == '50% <span class="faint s">of 1,600</span>'
    assert look.pct(0, 0) == '<span class="faint">none yet</span>'
    assert look.pct(None, 3) == look.pct(2, None) == '<span class="faint">withheld</span>'


def test_amounts_are_grouped() -> None:
    assert look.amount(1284) == "1,284"
    assert look.amount(None) == ""


@pytest.mark.parametrize(
    ("tags", "path"),
    [
        ("undo:/releases/3/", "/releases/3/"),
        ("other undo:/a/", "/a/"),
        ("undo://evil.example/", ""),
        ("undo:https://evil.example/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_undo_leads_to_a_path_of_this_site_only(tags: str | None, path: str) -> None:
    assert look.undo_path(tags) == path


def test_a_pager_elides() -> None:
    assert look.page_numbers(Paginator(range(1284), 25).page(26)) == [1, None, 25, 26, 27, None, 52]
