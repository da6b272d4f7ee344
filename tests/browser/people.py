"""Browser pages of people who are signed in, without playing the sign-in form each time."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Browser, Page

from people.models import User


def session_cookie(username: str) -> str:
    """The value of a session cookie in which that person is signed in."""
    user = User.objects.get(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def page_of(browser: Browser, url: str, username: str, **options: Any) -> Page:
    """A page in a browser context of that person's own; relative addresses are those of `url`."""
    context = browser.new_context(
        base_url=url, locale="en-GB", **({"viewport": {"width": 1440, "height": 900}} | options)
    )
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_cookie(username), "url": url}])
    return context.new_page()
