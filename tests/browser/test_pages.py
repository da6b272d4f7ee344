"""Every page in a real browser: no violation that axe-core finds, nothing that scrolls sideways; pictures to look at.

Pictures are written to var/screens/ when SCREENS=1: each page of each role at 1440 and 390 px, light and dark.
"""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from assets.models import Asset, Suggestion
from delivery.models import Release
from people.models import Team
from tests.browser.people import page_of
from tests.harness.stack import Stack

pytestmark = pytest.mark.long  # minutes: every page, in two themes and two widths

SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
PAGES: dict[str, tuple[str, ...]] = {
    "learner": (
        "/",
        "/paths/",
        "/paths/desk/first-month-refunds/",
        "/search/?q=refund",
        "/search/?q=nothing+that+is+there",
        "/a/refunds/partial-refund/",
        "/a/refunds/refund-practice/",
        "/a/refunds/partial-refund/suggest/",
        "/a/no/such/asset/",
        "/review/yours/",
    ),
    "sme": ("/review/", "{suggestion}"),
    "author": (
        "/review/",
        "{suggestion}",
        "/releases/",
        "{release}",
        "{release}roll-back/",
        "/releases/new/?asset=refunds/partial-refund",
        "/admin/",
        "/admin/assets/asset/",
        "/admin/assets/asset/add/",
        "{authoring}",
        "/outcomes/",
        "/outcomes/refunds.issue-partial/",
    ),
    "manager": ("/outcomes/", "/outcomes/refunds.issue-partial/", "{team}"),
    "operator": ("/admin/", "/admin/people/user/", "/admin/people/team/", "/admin/delivery/channel/"),
}
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
WIDE, PHONE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 700}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _address(path: str) -> str:
    """The page with the ids of the demo."""
    asset = Asset.objects.get(key="refunds/partial-refund")
    names = {
        "suggestion": f"/review/{Suggestion.objects.filter(asset=asset).latest('pk').pk}/",
        "release": f"/releases/{Release.objects.filter(asset=asset, state='open').latest('pk').pk}/",
        "authoring": f"/admin/assets/asset/{asset.pk}/change/",
        "team": f"/teams/{Team.objects.get(key='refunds').pk}/",
    }
    return path.format(**names)


@pytest.mark.usefixtures("demo_database")
@pytest.mark.parametrize("role", [*PAGES, ""])
def test_pages(role: str, live_stack: Stack, browser: Browser) -> None:
    """All pages of one role: axe-core in light and dark, wide and narrow; no sideways scrolling at 320 px."""
    found: list[str] = []
    paths = [_address(path) for path in PAGES.get(role, ("/login/",))]
    for theme, sizes in (("light", (WIDE, PHONE)), ("dark", (WIDE, PHONE))):
        page = _open(browser, live_stack, role, theme)
        for path in paths:
            found += _look_at(page, role, path, theme, sizes)
        page.context.close()
    assert not found, "\n".join(sorted(set(found)))


def _open(browser: Browser, stack: Stack, role: str, theme: str) -> Page:
    if role:
        return page_of(browser, stack.url, role, color_scheme=theme)
    context = browser.new_context(base_url=stack.url, color_scheme=theme, locale="en-GB")  # type: ignore[arg-type]
    return context.new_page()


def _look_at(page: Page, role: str, path: str, theme: str, sizes: tuple[dict[str, int], ...]) -> list[str]:
    """What is wrong with one page, in one line each. It is loaded once; the window changes its size."""
    page.set_viewport_size(sizes[0])  # type: ignore[arg-type]
    response = page.goto(path)
    status = response.status if response else 0
    if status != (404 if "no/such" in path else 200):
        return [f"{role} {path}: answered {status}"]
    found: list[str] = []
    for size in sizes:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        _take_picture(page, f"{role or 'nobody'}{path}", f"{theme}-{size['width']}")
        results = Axe().run(page, options=AXE)
        found += [
            f"{role} {path} ({theme}, {size['width']}): {one['id']}: {one['help']}: {one['nodes'][0]['target']}"
            for one in results.response["violations"]
        ]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    over = page.evaluate(SIDEWAYS)
    return found + ([f"{role} {path}: {over} px wider than a screen of 320"] if over > 0 else [])


def _take_picture(page: Page, what: str, how: str) -> None:
    if os.environ.get("SCREENS"):
        SCREENS.mkdir(parents=True, exist_ok=True)
        name = what.replace("/", "-").replace("?", "-").strip("-")[:90]
        page.screenshot(path=SCREENS / f"{name}-{how}.png", full_page=True)
