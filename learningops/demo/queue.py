"""What lies in the review queue of the demo: drafts in work, suggestions with their conversations, review flags."""

from datetime import datetime
from typing import Any

from assets.actions.drafts import save_draft
from assets.actions.review_flags import close_review_flag, raise_review_flag
from assets.actions.suggestion_text import Proposal, proposed_source, shown_text
from assets.actions.suggestions import (
    accept_suggestion,
    ask_for_changes,
    comment_on_suggestion,
    decline_suggestion,
    make_suggestion,
)
from assets.models import Draft, Suggestion, Version
from assets.policies import may_see_answers
from learningops.demo.activity import decisions_on
from learningops.demo.clock import at, days_before
from learningops.demo.files import replaced, table
from learningops.demo.library import Versions
from people.models import User


def fill_queue(people: dict[str, User], versions: Versions, lead: User, now: datetime) -> None:
    """Make all of review.toml."""
    given = table("review")
    made: dict[str, Suggestion] = {}
    for entry in given["suggestion"]:
        with at(days_before(now, entry["days"])):
            made[entry["title"]] = _suggest(entry, people, versions[entry["key"], entry["version"]])
        with at(days_before(now, entry["days"] / 2)):
            _answer(made[entry["title"]], entry, lead)
    for entry in given["comment"]:
        with at(days_before(now, entry["days"])):
            suggestion = made[entry["suggestion"]]
            comment_on_suggestion(actor=people[entry["by"]], suggestion_id=suggestion.pk, text=entry["text"])
    for entry in given["draft"]:
        draft = Draft.objects.get(asset__key=entry["key"])
        text = replaced(draft.source, entry["was"], entry["is"], f"the draft of {entry['key']} in review.toml")
        save_draft(actor=people[entry["by"]], asset_id=draft.pk, source=text, edit=draft.edit)
    for entry in given["flag"]:
        with at(days_before(now, entry["days"])):
            _flag(entry, people, versions)


def _suggest(entry: dict[str, Any], people: dict[str, User], version: Version) -> Suggestion:
    author = people[entry["by"]]
    answers = may_see_answers(author, version.asset)
    text = shown_text(version.source, answers=answers)  # what their editor would hold
    for change in entry["change"]:
        text = replaced(text, change["was"], change["is"], f"the suggestion “{entry['title']}” in review.toml")
    source = proposed_source(version.source, Proposal(text, redacted=not answers))
    return make_suggestion(actor=author, base=version, title=entry["title"], source=source, reason=entry["reason"])


def _answer(suggestion: Suggestion, entry: dict[str, Any], lead: User) -> None:
    match entry.get("state"):
        case "changes_asked":
            ask_for_changes(actor=lead, suggestion_id=suggestion.pk, text=entry["answer"])
        case "accepted":
            accept_suggestion(actor=lead, suggestion_id=suggestion.pk, answer=entry["answer"])
        case "declined":
            decline_suggestion(actor=lead, suggestion_id=suggestion.pk, reason=entry["answer"])


def _flag(entry: dict[str, Any], people: dict[str, User], versions: Versions) -> None:
    asset_id = next(version.asset_id for (key, _number), version in versions.items() if key == entry["key"])
    decided = decisions_on(asset_id)
    for name in entry["by"]:
        version_id = decided[people[name].pk][0]
        flag = raise_review_flag(
            actor=people[name], asset_id=asset_id, version_id=version_id, kind=entry["kind"], text=entry["text"]
        )
        if "answer" in entry:
            close_review_flag(actor=people[entry["closed_by"]], flag_id=flag.pk, answer=entry["answer"])
