"""Base page, navigation, components, sign-in and error pages."""

import json
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from learningops.context import Page, places_for
from learningops.views import errors
from people.capabilities import DEFAULT_GROUPS, Capability
from people.models import User


def request_for(path: str = "/", *, theme: str = "", person: User | None = None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = person or AnonymousUser()
    if theme:
        request.COOKIES["theme"] = theme
    return request


def words(capabilities: frozenset[Capability]) -> list[str]:
    return [str(place.word) for place in places_for(capabilities)]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("Learners", ["Today", "Pathways", "Search"]),
        ("SMEs", ["Today", "Review", "Search"]),
        ("Authors", ["Today", "Review", "Releases", "Outcomes", "Library"]),
        ("Leads", ["Today", "Review", "Releases", "Outcomes", "Library"]),
        ("Managers", ["Today", "Outcomes", "Search"]),
        ("Operators", ["Today", "Search", "Administration"]),
    ],
)
def test_navigation_by_group(group: str, expected: list[str]) -> None:
    assert words(DEFAULT_GROUPS[group]) == expected


def test_navigation_never_has_more_than_five_places() -> None:
    assert len(words(frozenset(Capability))) == 5


def person_with(*capabilities: Capability) -> User:
    person = User(username="priya", first_name="Priya", last_name="Nair", job_role="Support agent")
    person.__dict__["capabilities"] = frozenset(capabilities)
    return person


@pytest.mark.parametrize(
    ("path", "word"),
    [("/", "Today"), ("/a/refunds/partial-refund/", "Today"), ("/search/?q=a", "Search"), ("/paths/x/", "Pathways")],
)
def test_where_the_reader_is(path: str, word: str) -> None:
    page = Page(request_for(path, person=person_with()))
    assert page.current is not None
    assert page.current.word == word


def test_base_page_for_a_person() -> None:
    person = person_with(Capability.EDIT)
    request = request_for("/admin/assets/", theme="dark", person=person)
    html = render_to_string("base.html", request=request)
    assert 'data-theme="dark"' in html
    assert '<meta name="color-scheme" content="dark">' in html
    assert html.count('aria-current="page"') == 1
    assert "Support agent" in html
    assert 'action="/logout/" method="post"' in html
    assert 'name="next" value="/admin/assets/"' in html
    assert html.index('href="#main"') < html.index("<header") < html.index('<main id="main"')


def test_base_page_for_nobody_has_no_navigation() -> None:
    html = render_to_string("base.html", request=request_for(theme="<script>"))
    assert 'data-theme="auto"' in html
    assert "mainnav" not in html
    assert "account" not in html


def test_search_and_pathways_stand_in_the_menu_when_the_bar_has_no_room() -> None:
    page = Page(request_for(person=person_with(Capability.EDIT)))
    assert [str(place.word) for place in page.elsewhere] == ["Pathways", "Search"]


class Sample(forms.Form):
    title = forms.CharField(help_text="What it is called.")
    agreed = forms.BooleanField(label="I agree")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(required=False)


def test_a_refused_form_ties_errors_to_fields_and_lists_them_on_top() -> None:
    form = Sample({})
    html = render_to_string("components/form.html", {"form": form})
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count('_error"><svg') == 3
    assert html.index('href="#id_title"') < html.index('id="id_title_error"')
    assert "3 things to put right" in html
    assert "(you can leave this empty)" in html


def test_a_fresh_form_has_no_summary() -> None:
    html = render_to_string("components/form.html", {"form": Sample()})
    assert "note bad" not in html
    assert "aria-invalid" not in html
    assert html.count("<label") == 5


def test_findings_say_severity_place_and_fix() -> None:
    rows: list[dict[str, Any]] = [
        {"severity": "blocks", "line": 8, "message": "A <b> link", "fix": "Name it.", "code": "link.reachable"},
        {"severity": "warns", "line": None, "message": "Long", "fix": "", "code": ""},
    ]
    html = render_to_string("components/findings.html", {"findings": rows})
    assert 'data-line="8">Line 8</a>' in html
    assert "A &lt;b&gt; link" in html
    assert html.count("data-line") == 1
    assert html.index(">blocks<") < html.index(">warns<")


@pytest.mark.parametrize(
    ("view", "status", "words_on_page"),
    [
        (lambda r: errors.bad_request(r, ValueError("secret")), 400, "We could not read that request"),
        (lambda r: errors.permission_denied(r, PermissionDenied("Its audience is Team leads.")), 403, "Team leads."),
        (lambda r: errors.not_found(r, Http404("No Asset matches the given query.")), 404, "There is nothing here"),
        (errors.server_error, 500, "Something broke on our side"),
    ],
)
def test_error_pages_render_without_person_or_database(view: Any, status: int, words_on_page: str) -> None:
    request = RequestFactory().get("/a/x/?q=<script>")  # no request.user at all: reading it would raise
    request.request_id = "7f3a91c2d4e5"  # type: ignore[attr-defined]
    response = view(request)
    html = response.content.decode()
    assert response.status_code == status
    assert words_on_page in html
    assert "7f3a91c2d4e5" in html
    assert "matches the given query" not in html
    assert "secret" not in html
    assert "<script>" not in html


def test_a_program_gets_problem_details() -> None:
    request = RequestFactory().get("/api/v1/nothing/")
    response = errors.not_found(request, Http404({"path": "api/v1/nothing/"}))
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["type"] == "urn:learningops:problem:not-found"


def test_a_broken_error_page_is_still_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "Page", None)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/plain")


def test_the_kept_menu_gets_the_token_and_the_way_back_of_each_request() -> None:
    pages = [Page(request_for(path, person=person_with())) for path in ("/search/?q=a&page=2", '/search/?q="><b>')]
    first, second = (str(page.account) for page in pages)
    assert 'name="next" value="/search/?q=a&amp;page=2"' in first
    assert "<b>" not in second.replace("<b>Priya Nair</b>", "")
    tokens = [html.split('csrfmiddlewaretoken" value="')[1].split('"')[0] for html in (first, second)]
    assert len(set(tokens)) == 2
    assert {len(token) for token in tokens} == {64}
