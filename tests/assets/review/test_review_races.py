"""Two people at once: one answer counts, one flag stands."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from assets.actions.review_flags import raise_review_flag
from assets.actions.suggestions import accept_suggestion, make_suggestion
from assets.models import Draft, ReviewFlag, Suggestion
from people.models import AuditEntry
from tests.assets.review.conftest import Desk

LEAD = "The lead on shift approves in the same panel."


@pytest.fixture
def desk(transactional_db: None, desk: Desk) -> Desk:
    return desk


def at_once(act: Callable[[], Any], times: int = 4) -> list[str]:
    """Run `act` in several threads; "done" or the refusal of each."""

    def run() -> str:
        try:
            act()
        except ValidationError as refused:
            return " ".join(refused.messages)
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [one.result() for one in [pool.submit(run) for _ in range(times)]]


def test_a_suggestion_is_accepted_once(desk: Desk) -> None:
    source = desk.version.source.replace(LEAD, "Ask the lead.")
    made = make_suggestion(actor=desk.sam, base=desk.version, title="Say who", source=source)
    said = at_once(lambda: accept_suggestion(actor=desk.ada, suggestion_id=made.pk))
    assert said.count("done") == 1
    assert Draft.objects.get(pk=desk.asset.pk).edit == 2
    assert AuditEntry.objects.filter(action="suggestion.accepted").count() == 1


def test_a_suggestion_sent_four_times_is_made_once(desk: Desk) -> None:
    source = desk.version.source.replace(LEAD, "Ask the lead.")
    said = at_once(lambda: make_suggestion(actor=desk.sam, base=desk.version, title="Say who", source=source))
    assert said == ["done"] * 4
    assert Suggestion.objects.count() == 1


def test_a_flag_tapped_four_times_stands_once(desk: Desk) -> None:
    said = at_once(
        lambda: raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind="wrong")
    )
    assert said == ["done"] * 4
    assert ReviewFlag.objects.count() == 1
    assert AuditEntry.objects.filter(action="review_flag.raised").count() == 1
