"""The number of queries that the actions state, savepoints left out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assets.actions.review_flags import close_review_flags, raise_review_flag
from assets.actions.suggestions import (
    accept_suggestion,
    ask_for_changes,
    comment_on_suggestion,
    decline_suggestion,
    make_suggestion,
    update_suggestion,
    withdraw_suggestion,
)
from assets.models import Suggestion
from assets.queries.review import answered_for, open_count
from people.models import User
from tests.assets.review.conftest import Desk

LEAD = "The lead on shift approves in the same panel."


def asked(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in found)


@pytest.fixture
def ada(desk: Desk) -> User:
    person = User.objects.get(pk=desk.ada.pk)
    assert person.capabilities  # read by whoever signed in before
    return person


def source(desk: Desk, text: str = "Ask the lead.") -> str:
    return desk.version.source.replace(LEAD, text)


def suggest(desk: Desk, text: str = "Ask the lead.") -> Suggestion:
    return make_suggestion(actor=desk.sam, base=desk.version, title="Say who", source=source(desk, text))


def test_queries_of_suggestions(desk: Desk, ada: User) -> None:
    one, two, three = suggest(desk, "One."), suggest(desk, "Two."), suggest(desk, "Three.")
    since = timezone.now() - timedelta(days=1)
    pk = one.pk
    new = source(desk, "Other.")
    assert asked(lambda: comment_on_suggestion(actor=ada, suggestion_id=pk, text="Why?")) == 3
    assert asked(lambda: ask_for_changes(actor=ada, suggestion_id=pk, text="Say why.")) == 4
    assert asked(lambda: update_suggestion(actor=desk.sam, suggestion_id=pk, title="Say", source=new)) <= 5
    assert asked(lambda: accept_suggestion(actor=ada, suggestion_id=pk)) == 6
    assert asked(lambda: decline_suggestion(actor=ada, suggestion_id=two.pk, reason="No.")) == 3
    assert asked(lambda: withdraw_suggestion(actor=desk.sam, suggestion_id=three.pk)) == 3
    assert asked(lambda: open_count(ada)) == 1
    assert asked(lambda: answered_for(desk.sam, since=since)) == 1


def test_queries_of_making_one(desk: Desk) -> None:
    assert asked(lambda: suggest(desk)) == 9


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_flags(desk: Desk, ada: User, count: int) -> None:
    kinds = ("wrong", "broken", "unclear")[:count]
    flags = [
        raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind=kind)
        for kind in kinds
    ]
    assert asked(lambda: close_review_flags(actor=ada, flag_ids=[f.pk for f in flags], answer="Done.")) == 3
    assert (
        asked(
            lambda: raise_review_flag(
                actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="outdated"
            )
        )
        == 3
    )
