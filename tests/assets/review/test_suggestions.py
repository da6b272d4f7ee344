"""Suggestions through their actions: who may, what is kept, three-way merge, what becomes of them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from assets.actions.drafts import save_draft
from assets.actions.suggestion_text import Proposal, proposed_source, shown_text
from assets.actions.suggestions import (
    MergeConflicts,
    accept_suggestion,
    ask_for_changes,
    comment_on_suggestion,
    decline_suggestion,
    make_suggestion,
    update_suggestion,
    withdraw_suggestion,
)
from assets.actions.versions import save_version
from assets.content import parse
from assets.models import CollectionMember, Draft, Suggestion
from assets.queries.routing import due_after
from people.models import AuditEntry
from tests.assets.review.conftest import Desk
from tests.factories import PersonFactory

LEAD = "The lead on shift approves in the same panel."


def suggest(desk: Desk, old: str = LEAD, new: str = "Ask the lead on shift.", *, by: str = "sam") -> Suggestion:
    source = desk.version.source.replace(old, new)
    return make_suggestion(actor=getattr(desk, by), base=desk.version, title="Say who", source=source)


def test_a_suggestion_goes_to_the_owner_and_is_due_in_five_working_days(desk: Desk) -> None:
    made = suggest(desk)
    assert made.reviewer == desk.ada
    assert made.due is not None
    assert made.due.weekday() < 5
    entry = AuditEntry.objects.get(action="suggestion.made")
    assert entry.actor == desk.sam
    assert entry.data["asset"] == desk.asset.key
    assert entry.data["version_id"] == desk.version.pk


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 11, 27), date(2026, 12, 4)),
        (date(2026, 11, 28), date(2026, 12, 4)),
    ],
)
def test_working_days_leave_the_weekend_out(day: date, due: date) -> None:
    assert due_after(day) == due


def test_routing_without_an_owner_asks_a_reviewer_then_the_lead(desk: Desk) -> None:
    desk.asset.owner = None
    desk.asset.save()
    desk.asset.collection.lead = desk.lea
    desk.asset.collection.save()
    assert suggest(desk, new="One.").reviewer == desk.lea
    rita = PersonFactory(username="rita", role="sme")
    CollectionMember.objects.create(collection=desk.asset.collection, user=rita, role="reviewer")
    assert suggest(desk, new="Two.").reviewer == rita


def test_an_owner_does_not_answer_themselves_while_somebody_else_can(desk: Desk) -> None:
    assert suggest(desk, new="One.", by="ada").reviewer == desk.ada
    desk.asset.collection.lead = desk.lea
    desk.asset.collection.save()
    assert suggest(desk, new="Two.", by="ada").reviewer == desk.lea


def test_learners_suggest_only_where_the_collection_lets_them(desk: Desk) -> None:
    with pytest.raises(PermissionDenied):
        suggest(desk, by="bo")
    desk.asset.collection.learners_may_suggest = True
    desk.asset.collection.save()
    assert suggest(desk, by="bo").author == desk.bo


def test_the_same_text_is_refused_and_the_same_suggestion_made_once(desk: Desk) -> None:
    with pytest.raises(ValidationError, match="same as before"):
        make_suggestion(actor=desk.sam, base=desk.version, title="Nothing", source=desk.version.source)
    assert suggest(desk).pk == suggest(desk).pk


def test_a_text_that_cannot_be_read_is_refused_with_its_line(desk: Desk) -> None:
    source = desk.version.source + "\n::: check single\nNo key?\n"
    with pytest.raises(ValidationError, match="Line"):
        make_suggestion(actor=desk.ada, base=desk.version, title="Broken", source=source)


def test_the_editor_of_somebody_without_the_right_shows_no_answer_and_cannot_change_one(desk: Desk) -> None:
    shown = shown_text(desk.version.source, answers=False)
    assert "partial-limit" in shown
    for secret in ("[x]", "£50", "that was the limit", "a lead must approve"):
        assert secret not in shown
    edited = shown.replace(LEAD, "Ask the lead.").replace("highest partial refund", "largest partial refund")
    source = proposed_source(desk.version.source, Proposal(edited, redacted=True))
    check = parse(source).checks[0]
    assert check.prompt.startswith("What is the largest")
    assert [choice.right for choice in check.choices] == [False, True, False]
    forged = desk.version.source.replace("- [x] £200", "- [ ] £200")
    with pytest.raises(ValidationError, match="not its answers"):
        make_suggestion(actor=desk.sam, base=desk.version, title="Forged", source=forged)


@pytest.mark.parametrize("fence", ["```", "~~~", "<!--", "<pre>", "`", "$$", ":::", "    "])
def test_no_question_can_be_written_that_swallows_the_answers(desk: Desk, fence: str) -> None:
    """An open code block in the question would make choices part of it, and the redacted page would show them."""
    shown = shown_text(desk.version.source, answers=False)
    trap = shown.replace("approve alone?", f"approve alone?\n{fence}")
    try:
        source = proposed_source(desk.version.source, Proposal(trap, redacted=True))
        made = make_suggestion(actor=desk.sam, base=desk.version, title="Trap", source=source)
    except ValidationError:
        return
    again = shown_text(made.source, answers=False, body_only=False)
    assert "[x]" not in again
    assert "that was the limit" not in again


def test_accepting_puts_it_into_the_draft_and_the_next_version_names_it(desk: Desk) -> None:
    made = suggest(desk)
    accept_suggestion(actor=desk.ada, suggestion_id=made.pk, answer="Thank you")
    draft = Draft.objects.get(pk=desk.asset.pk)
    assert "Ask the lead on shift." in draft.source
    assert draft.edit == 2
    made.refresh_from_db()
    assert (made.state, made.decided_by, made.answer) == ("accepted", desk.ada, "Thank you")
    version = save_version(actor=desk.ada, asset_id=desk.asset.pk)
    made.refresh_from_db()
    assert made.merged_in == version
    with pytest.raises(ValidationError, match="already"):
        accept_suggestion(actor=desk.ada, suggestion_id=made.pk)


def test_edits_in_different_places_merge(desk: Desk) -> None:
    made = suggest(desk)
    moved = desk.version.source.replace("Open the order", "Find the order")
    save_draft(actor=desk.ada, asset_id=desk.asset.pk, source=moved, edit=1)
    accept_suggestion(actor=desk.ada, suggestion_id=made.pk)
    source = Draft.objects.get(pk=desk.asset.pk).source
    assert "Find the order" in source
    assert "Ask the lead on shift." in source


def test_edits_of_the_same_place_conflict_and_are_never_guessed(desk: Desk) -> None:
    made = suggest(desk)
    moved = desk.version.source.replace(LEAD, "Your lead approves by phone.")
    save_draft(actor=desk.ada, asset_id=desk.asset.pk, source=moved, edit=1)
    with pytest.raises(MergeConflicts) as caught:
        accept_suggestion(actor=desk.ada, suggestion_id=made.pk)
    assert Draft.objects.get(pk=desk.asset.pk).source == moved
    assert Suggestion.objects.get(pk=made.pk).state == "open"
    (conflict,) = caught.value.conflicts
    accept_suggestion(actor=desk.ada, suggestion_id=made.pk, choices={conflict.id: "Both of them approve.\n"})
    source = Draft.objects.get(pk=desk.asset.pk).source
    assert "Both of them approve." in source
    assert "by phone" not in source


def test_a_choice_for_a_draft_that_moved_since_is_asked_again(desk: Desk) -> None:
    made = suggest(desk)
    first = desk.version.source.replace(LEAD, "Your lead approves by phone.")
    save_draft(actor=desk.ada, asset_id=desk.asset.pk, source=first, edit=1)
    with pytest.raises(MergeConflicts) as caught:
        accept_suggestion(actor=desk.ada, suggestion_id=made.pk)
    save_draft(actor=desk.ada, asset_id=desk.asset.pk, source=first.replace("phone", "e-mail"), edit=2)
    with pytest.raises(MergeConflicts) as again:
        accept_suggestion(actor=desk.ada, suggestion_id=made.pk, choices={caught.value.conflicts[0].id: "theirs"})
    assert again.value.draft_edit == 3
    assert "e-mail" in again.value.conflicts[0].ours


def test_decline_ask_change_comment_withdraw(desk: Desk) -> None:
    made = suggest(desk)
    with pytest.raises(ValidationError, match="Say why"):
        decline_suggestion(actor=desk.ada, suggestion_id=made.pk, reason=" ")
    ask_for_changes(actor=desk.ada, suggestion_id=made.pk, text="Name the channel.")
    comment_on_suggestion(actor=desk.sam, suggestion_id=made.pk, text="Will do.", line=3)
    with pytest.raises(ValidationError, match="no line 9999"):
        comment_on_suggestion(actor=desk.sam, suggestion_id=made.pk, text="Where?", line=9999)
    source = made.source.replace("Ask the lead on shift.", "Ask in the lead desk.")
    with pytest.raises(PermissionDenied):
        update_suggestion(actor=desk.ada, suggestion_id=made.pk, title="Mine", source=source)
    changed = update_suggestion(actor=desk.sam, suggestion_id=made.pk, title="Say where", source=source)
    assert (changed.state, changed.decided_at) == ("open", None)
    with pytest.raises(PermissionDenied):
        withdraw_suggestion(actor=desk.ada, suggestion_id=made.pk)
    withdraw_suggestion(actor=desk.sam, suggestion_id=made.pk)
    actions = list(AuditEntry.objects.filter(object_type="suggestion").order_by("pk").values_list("action", flat=True))
    assert actions == [
        "suggestion.made", "suggestion.changes_asked", "suggestion.commented", "suggestion.changed",
        "suggestion.withdrawn",
    ]  # fmt: skip


def test_the_database_refuses_a_decline_without_a_reason(desk: Desk) -> None:
    made = suggest(desk)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assets_suggestion SET state = 'declined' WHERE id = %s", [made.pk])


def test_a_retired_asset_takes_no_suggestion(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assets_asset SET retired_at = now() WHERE id = %s", [desk.asset.pk])
    with pytest.raises(ValidationError, match="retired"):
        suggest(desk)


def test_a_check_of_ones_own_keeps_its_answers_when_the_suggestion_is_changed(desk: Desk) -> None:
    more = "\n::: check single on-shift\nWho approves?\n- [x] The lead — Yes.\n- [ ] Nobody\n:::\n"
    made = suggest(desk, desk.version.source, desk.version.source + more)
    shown = shown_text(made.source, answers=False)
    assert "[x]" not in shown
    again = proposed_source(made.base.source, Proposal(shown.replace(LEAD, "Ask."), redacted=True), earlier=made.source)
    assert again == made.source.replace(LEAD, "Ask.")
