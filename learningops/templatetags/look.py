"""Small marks of the look: icons, state marks, versions, times, faces, figures with their n.

A tag whose argument is a literal becomes plain text when the template is compiled, so an icon costs nothing per page.
This library is a template builtin: no `{% load %}` needed.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.base import FilterExpression, Node, Parser, TextNode, Token
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learningops.icons import DRAWINGS, ICONS, STATE_MARKS

register = template.Library()

STATE_WORDS: Final = {
    "none": gettext_lazy("not covered"),
    "unreached": gettext_lazy("not reached"),
    "notyet": gettext_lazy("not able yet"),
    "able": gettext_lazy("able"),
    "fading": gettext_lazy("fading"),
    "few": gettext_lazy("withheld"),
}
RELATIVE_DAYS: Final = 30  # beyond this a time is written as a date (LOOK.md, Wording)


def _svg(css_class: str, box: str, shapes: str) -> SafeString:
    # Only drawings from learningops.icons come here, never input.
    return mark_safe(f'<svg class="{css_class}" viewBox="{box}" aria-hidden="true">{shapes}</svg>')  # noqa: S308


_ICON_SVG: Final = {name: _svg("i", "0 0 24 24", shapes) for name, shapes in ICONS.items()}
_STATE_SVG: Final = {name: _svg("st-mark", "0 0 16 16", shapes) for name, shapes in STATE_MARKS.items()}
_DRAWING_SVG: Final = {name: _svg("art", "0 0 88 64", shapes) for name, shapes in DRAWINGS.items()}


class PictureNode(Node):
    """A drawing whose name is only known when the page is rendered."""

    def __init__(self, name: FilterExpression, pictures: dict[str, SafeString]) -> None:
        self.name = name
        self.pictures = pictures

    def render(self, context: template.Context) -> SafeString:
        name = str(self.name.resolve(context))
        if name not in self.pictures:
            known = ", ".join(sorted(self.pictures))
            raise template.TemplateSyntaxError(f"There is no drawing “{name}”. Known: {known}.")
        return self.pictures[name]


def _picture_tag(pictures: dict[str, SafeString]) -> Callable[[Parser, Token], Node]:
    def compile_tag(parser: Parser, token: Token) -> Node:
        bits = token.split_contents()
        if len(bits) != 2:
            raise template.TemplateSyntaxError(f"{{% {bits[0]} %}} takes one name.")
        name = parser.compile_filter(bits[1])
        if bits[1][0] not in "\"'":
            return PictureNode(name, pictures)
        return TextNode(PictureNode(name, pictures).render(template.Context()))

    return compile_tag


register.tag("icon", _picture_tag(_ICON_SVG))
register.tag("state_mark", _picture_tag(_STATE_SVG))
register.tag("drawing", _picture_tag(_DRAWING_SVG))


def icon_svg(name: str) -> SafeString:
    """The `<svg>` of an icon, for HTML that is made in code (admin columns). Raises KeyError for an unknown name."""
    return _ICON_SVG[name]


def state_svg(state: str) -> SafeString:
    """The `<svg>` of a state of an outcome: none, unreached, notyet, able, fading or few. Raises KeyError."""
    return _STATE_SVG[state]


@register.filter
def state_word(state: str) -> str:
    """The word of a state of an outcome: “not able yet” for `notyet`. Raises KeyError."""
    return str(STATE_WORDS[state])


SHEETS: Final = ("tokens", "reset", "base", "components", "pages")  # tokens first: it says the order of the layers


@cache
def _page_files() -> SafeString:
    links = format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((static(f"css/{n}.css"),) for n in SHEETS))
    return format_html(
        '<link rel="icon" href="{}" type="image/svg+xml">\n  {}\n  <script type="module" src="{}"></script>',
        static("img/mark.svg"),
        links,
        static("js/base.js"),
    )


@register.simple_tag
def page_files() -> SafeString:
    """The icon, style sheets and script of every page. Their addresses are looked up once per process."""
    return _page_files()


@register.simple_tag
def version(number: int | str | None) -> SafeString:
    """`<span class="v">v4</span>`; nothing for None."""
    return mark_safe("") if number is None else format_html('<span class="v">v{}</span>', number)


def _days_apart(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days == -1:
        return _("tomorrow")
    if days > 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return ngettext("in %(n)d day", "in %(n)d days", -days) % {"n": -days}


def relative_time(moment: datetime, now: datetime) -> str:
    """`moment` as words relative to `now`, both aware: “3 days ago”, “in 5 minutes”; a date beyond 30 days."""
    seconds = int((now - moment).total_seconds())
    ahead, seconds = seconds < 0, abs(seconds)
    if seconds < 45:
        return _("in a moment") if ahead else _("just now")
    if seconds < 3600:
        minutes = max(1, round(seconds / 60))
        text = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    elif seconds < 86_400 and timezone.localtime(moment).date() == timezone.localtime(now).date():
        hours = seconds // 3600
        text = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    else:
        return relative_date(timezone.localtime(moment).date(), timezone.localtime(now).date())
    return _("in %(time)s") % {"time": text} if ahead else _("%(time)s ago") % {"time": text}


def relative_date(day: date, today: date) -> str:
    """`day` as words relative to `today`: “yesterday”, “in 3 days”; beyond 30 days the date itself."""
    apart = (today - day).days
    return _days_apart(apart) if abs(apart) <= RELATIVE_DAYS else formats.date_format(day, "j F Y")


@register.simple_tag
def reltime(moment: datetime | date | None, prefix: str = "") -> SafeString:
    """`<time datetime=… title=full>3 days ago</time>`, in the reader's time zone; nothing for None.

    A plain date is compared by day. Beyond 30 days the text is the date.
    """
    if moment is None:
        return mark_safe("")
    if not isinstance(moment, datetime):
        text, title = relative_date(moment, timezone.localdate()), formats.date_format(moment, "j F Y")
        return format_html('<time datetime="{}" title="{}">{}{}</time>', moment.isoformat(), title, prefix, text)
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}{}</time>',
        local.isoformat(timespec="seconds"),
        formats.date_format(local, "j F Y, H:i"),
        prefix,
        relative_time(moment, timezone.now()),
    )


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time with its unit, from a timedelta or seconds: “1.8 s”, “4 min”, “52 hours”, “3 days”."""
    if value is None:
        return ""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if seconds < 60:
        return _("%(n)s s") % {"n": formats.number_format(round(seconds, 1))}
    if seconds < 3600:
        return _("%(n)d min") % {"n": round(seconds / 60)}
    if seconds < 3 * 86_400:
        hours = round(seconds / 3600)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = round(seconds / 86_400)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def initials_of(name: str) -> str:
    """One or two capitals: first and last word of `name`; “?” for an empty one."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def initials(person: Any, role: str = "", *, me: bool = False, hidden: bool = False) -> SafeString:
    """The face of a person: their initials in a circle, the name as its title. No query.

    `person` is a User or a name. `role` (“Owner”) is read out before the initials; `me` marks the reader's own face;
    `hidden` when the name stands beside it, so that it is not read twice.
    """
    full_name = getattr(person, "get_full_name", None)
    name = (full_name() if full_name else "") or str(person)
    return format_html(
        '<span class="face{}"{} title="{}">{}{}</span>',
        " me" if me else "",
        mark_safe(' aria-hidden="true"') if hidden else "",
        name,
        format_html('<span class="sr">{} </span>', role) if role else "",
        initials_of(name),
    )


@register.simple_tag
def pct(part: int | None, whole: int | None) -> SafeString:
    """A share with its n: `83% <span class="faint s">of 52</span>`. None for either means withheld; no n, no share."""
    if part is None or whole is None:
        return format_html('<span class="faint">{}</span>', _("withheld"))
    if whole == 0:
        return format_html('<span class="faint">{}</span>', _("none yet"))
    of = _("of %(n)s") % {"n": formats.number_format(whole, force_grouping=True)}
    return format_html('{}% <span class="faint s">{}</span>', round(100 * part / whole), of)


@register.filter
def amount(number: int | None) -> str:
    """A whole number with its thousands grouped: “1,284”; "" for None."""
    return "" if number is None else str(formats.number_format(number, use_l10n=True, force_grouping=True))


@register.filter
def undo_path(tags: str | None) -> str:
    """The path in a message's extra tag `undo:/path/`, else "". Only paths of this site count."""
    for tag in (tags or "").split():
        if tag.startswith("undo:/") and not tag.startswith("undo://"):
            return tag.removeprefix("undo:")
    return ""


@register.filter
def page_numbers(page_obj: Page[Any]) -> list[int | None]:
    """The page numbers a pager shows, with None for each gap: first, last and two around the current one."""
    shown = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.filter
def labelled(field: BoundField) -> SafeString:
    """The control of a field that has no label beside it (a table cell), named by the field's label."""
    return field.as_widget(attrs={"aria-label": str(field.label)})
