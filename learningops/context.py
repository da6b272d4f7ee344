"""What every page knows: the organisation, the theme, who is reading, where they can go.

`page` is the one context processor. It costs no query by itself: whoever reads `page.person` loads the session's user,
and `page.nav` reuses `user.capabilities` (cached on that object). Error pages use `Page.without_person`.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assets.queries.review import open_count
from people.capabilities import Capability
from people.models import User

THEMES: Final = ("auto", "light", "dark")
THEME_WORDS: Final = {"auto": _("Automatic"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE: Final = "theme"


@dataclass(frozen=True, eq=False)
class Place:
    """One entry of the main navigation, itself only. `within`: path prefixes that count as being there."""

    word: str | Promise
    path: str
    icon: str
    within: tuple[str, ...]
    counts_review: bool = False


TODAY: Final = Place(_("Today"), "/", "today", ("/a/",))
PATHWAYS: Final = Place(_("Pathways"), "/paths/", "pathway", ("/paths/",))
SEARCH: Final = Place(_("Search"), "/search/", "search", ("/search/",))
REVIEW: Final = Place(_("Review"), "/review/", "review", ("/review/",), counts_review=True)
RELEASES: Final = Place(_("Releases"), "/releases/", "release", ("/releases/",))
OUTCOMES: Final = Place(_("Outcomes"), "/outcomes/", "outcomes", ("/outcomes/", "/teams/"))
LIBRARY: Final = Place(_("Library"), "/admin/", "library", ("/admin/",))
ADMINISTRATION: Final = Place(_("Administration"), "/admin/", "operate", ("/admin/",))

FIGURES: Final = frozenset({Capability.FIGURES_BY_TEAM, Capability.FIGURES_BY_PERSON})


def places_for(capabilities: frozenset[Capability]) -> tuple[Place, ...]:
    """The main navigation for someone with `capabilities`: at most five places, the same order for everyone."""
    if Capability.EDIT in capabilities:
        return (TODAY, REVIEW, RELEASES, OUTCOMES, LIBRARY)
    places = [TODAY]
    if Capability.REVIEW in capabilities:
        places.append(REVIEW)
    if capabilities & FIGURES:
        places.append(OUTCOMES)
    if len(places) == 1 and Capability.OPERATE not in capabilities:
        places.append(PATHWAYS)
    places.append(SEARCH)
    if Capability.OPERATE in capabilities:
        places.append(ADMINISTRATION)
    return tuple(places)


@lru_cache(maxsize=512)
def nav_html(places: tuple[Place, ...], current: Place | None, count: int | None, language: str) -> SafeString:
    """The links of the main navigation. Every page has them, and there are few different ones: drawn once each."""
    del language  # part of the key only: the words are lazy
    return render_to_string("components/nav.html", {"places": places, "current": current, "count": count})


# What differs on every page stands in the kept menu as a mark that no name can contain by chance.
_TOKEN_MARK: Final = secrets.token_hex(16)
_BACK_MARK: Final = secrets.token_hex(16)


@lru_cache(maxsize=1024)
def account_html(name: str, place: str, theme: str, elsewhere: tuple[Place, ...], language: str) -> str:
    """The account menu of a person, with marks where the token of forms and the way back go. Drawn once each."""
    del language  # part of the key only: the words are lazy
    context = {
        "name": name,
        "place": place,
        "theme": theme,
        "themes": THEME_WORDS.items(),
        "elsewhere": elsewhere,
        "token": _TOKEN_MARK,
        "back": _BACK_MARK,
    }
    return str(render_to_string("components/account.html", context))


def nav_review_count(person: User) -> int | None:
    """Open review items of `_person`, shown beside “Review”; None shows none.

    Asked at most once per page, and only for people whose navigation shows Review. 1 query.
    """
    return open_count(person) if person.can(Capability.REVIEW) else None


class Page:
    """What base.html asks for. Everything is worked out when it is first read."""

    product = "LearningOps"
    search_path = SEARCH.path

    def __init__(self, request: HttpRequest | None) -> None:
        self.request = request

    @classmethod
    def without_person(cls, request: HttpRequest) -> "Page":
        """The page for errors: the theme of the request, but nobody signed in, so that nothing asks the database."""
        page = cls(request)
        page.__dict__["person"] = None
        return page

    @property
    def organisation(self) -> str:
        return settings.ORGANISATION_NAME

    @property
    def demo(self) -> bool:
        """Whether the sign-in page names the demo people."""
        return settings.DEMO

    @cached_property
    def theme(self) -> str:
        """auto, light or dark, from the reader's cookie."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "auto") if self.request else "auto"
        return chosen if chosen in THEMES else "auto"

    @property
    def color_scheme(self) -> str:
        """The value of the `color-scheme` meta tag, so that the first paint has the right ground."""
        return "light dark" if self.theme == "auto" else self.theme

    @property
    def path(self) -> str:
        """Where the reader is, with the query string, for forms that lead back here. Only of a GET."""
        return self.request.get_full_path() if self.request and self.request.method == "GET" else "/"

    @cached_property
    def person(self) -> User | None:
        """Who is signed in. Loads the session and the user, like any page does."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def nav(self) -> tuple[Place, ...]:
        """The main navigation; empty for nobody. At most the one query of `User.capabilities`."""
        return places_for(self.person.capabilities) if self.person else ()

    @cached_property
    def elsewhere(self) -> tuple[Place, ...]:
        """Places everyone has that did not fit into this person's navigation: they stand in the account menu."""
        return tuple(place for place in (PATHWAYS, SEARCH) if place not in self.nav) if self.person else ()

    @cached_property
    def current(self) -> Place | None:
        """The place the reader is in: the one with the longest prefix of the path."""
        path = self.request.path if self.request else ""
        if path == TODAY.path:
            return TODAY
        found = [(len(prefix), place) for place in self.nav for prefix in place.within if path.startswith(prefix)]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    @property
    def nav_links(self) -> SafeString:
        """The links of the main navigation, the count beside Review included."""
        counted = any(place.counts_review for place in self.nav)
        return nav_html(self.nav, self.current, self.review_count if counted else None, get_language())

    @property
    def account(self) -> SafeString:
        """The account menu; empty for nobody."""
        if self.person is None or self.request is None:
            return mark_safe("")
        who = (str(self.person), self.person.job_role or self.person.username)
        html = account_html(*who, self.theme, self.elsewhere, get_language())
        html = html.replace(_TOKEN_MARK, get_token(self.request)).replace(_BACK_MARK, escape(self.path))
        return mark_safe(html)  # noqa: S308 drawn by a template; the token is ours and the path is escaped

    @cached_property
    def review_count(self) -> int | None:
        """Open review items of the reader; None shows no count."""
        return nav_review_count(self.person) if self.person else None


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor: `{"page": Page}`. No query."""
    return {"page": Page(request)}
