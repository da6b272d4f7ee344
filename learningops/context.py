"""What every page knows: the organisation, the theme, who is reading, where they can go.

`page` is the one context processor. It costs no query by itself: whoever reads `page.person` loads the session's user,
and `page.nav` reuses `user.capabilities` (cached on that object). Error pages use `Page.without_person`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.capabilities import Capability
from people.models import User

THEMES: Final = ("auto", "light", "dark")
THEME_WORDS: Final = {"auto": _("Automatic"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE: Final = "theme"


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation. `within`: path prefixes that count as being there."""

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


def nav_review_count(_person: User) -> int | None:
    """Open review items of `_person`, shown beside “Review”; None shows none.

    Asked at most once per page, and only for people whose navigation shows Review.
    """
    return None


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
    def theme_word(self) -> str | Promise:
        return THEME_WORDS[self.theme]

    @property
    def themes(self) -> list[tuple[str, str | Promise]]:
        """(value, word) of each theme, for the form."""
        return list(THEME_WORDS.items())

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

    @cached_property
    def review_count(self) -> int | None:
        """Open review items of the reader; None shows no count."""
        return nav_review_count(self.person) if self.person else None


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor: `{"page": Page}`. No query."""
    return {"page": Page(request)}
