"""Review flags: one tap, answered once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from assets.actions.review_flags import close_review_flag, close_review_flags, raise_review_flag
from assets.models import ReviewFlag
from people.models import AuditEntry
from tests.assets.factories import make_version
from tests.assets.review.conftest import Desk


def flag(desk: Desk, kind: str = "outdated", text: str = "") -> ReviewFlag:
    return raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=desk.version.pk, kind=kind, text=text)


def test_a_second_tap_changes_the_text_and_counts_once(desk: Desk) -> None:
    first = flag(desk)
    again = flag(desk, text="Step 2")
    assert first.pk == again.pk
    assert ReviewFlag.objects.get().text == "Step 2"
    assert flag(desk).text == "Step 2"
    entry = AuditEntry.objects.get(action="review_flag.raised")
    assert "Step 2" not in str(entry.data)
    assert flag(desk, "wrong").pk != first.pk


def test_what_is_not_a_flag_is_refused(desk: Desk) -> None:
    other = make_version("refunds/other")
    with pytest.raises(ValidationError, match="what is the matter"):
        flag(desk, "boring")
    with pytest.raises(ValidationError, match="another asset"):
        raise_review_flag(actor=desk.bo, asset_id=desk.asset.pk, version_id=other.pk, kind="wrong")


def test_closing_needs_an_answer_and_happens_once(desk: Desk) -> None:
    one, two = flag(desk), flag(desk, "wrong")
    with pytest.raises(ValidationError, match="Say what you did"):
        close_review_flags(actor=desk.ada, flag_ids=[one.pk], answer=" ")
    closed = close_review_flags(actor=desk.ada, flag_ids=[one.pk, two.pk], answer="Mended in v2.")
    assert [f.pk for f in closed] == [one.pk, two.pk]
    with pytest.raises(ValidationError, match="closed already"):
        close_review_flag(actor=desk.ada, flag_id=one.pk, answer="Again")
    assert AuditEntry.objects.filter(action="review_flag.closed").count() == 2
    assert flag(desk).pk not in {one.pk, two.pk}


def test_the_database_keeps_one_open_flag_of_a_kind(desk: Desk) -> None:
    flag(desk)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assets_reviewflag (asset_id, version_id, raised_by_id, kind, text, answer, created_at)"
            " SELECT asset_id, version_id, raised_by_id, kind, '', '', now() FROM assets_reviewflag"
        )
