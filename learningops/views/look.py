"""Every component in every state, on one page: to be looked at after a change to a style sheet or a component."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from learningops.icons import ICONS

# More seconds than 30 days: written as a date.
LONG_AGO: Final = timedelta(days=230)


class SampleForm(forms.Form):
    """A form with one control of each sort."""

    outcome = forms.CharField(help_text="An observable verb, an object, a condition, a measure.")
    kind = forms.ChoiceField(choices=[("guide", "Guide"), ("checklist", "Checklist")])
    review_by = forms.DateField(widget=forms.DateInput(attrs={"class": "short"}))
    matter = forms.ChoiceField(
        label="What is the matter with it?",
        choices=[("outdated", "Outdated"), ("unclear", "Unclear")],
        widget=forms.RadioSelect,
        required=False,
    )
    ask = forms.BooleanField(label="Ask the owner before it goes stale", required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)


class SampleFinding(NamedTuple):
    """The shape that components/findings.html reads."""

    severity: str
    line: int | None
    message: str
    fix: str
    code: str


@dataclass(frozen=True)
class SampleMessage:
    """What components/messages.html reads of a message."""

    text: str
    level_tag: str
    extra_tags: str = ""

    def __str__(self) -> str:
        return self.text


FINDINGS: Final = (
    SampleFinding(
        "blocks",
        8,
        "“#lead-desk” cannot be opened by 14 people on Refunds.",
        "Name the person instead, or ask for access.",
        "link.reachable",
    ),
    SampleFinding(
        "warns",
        None,
        "A new rule without a check: nobody would be asked whether they know it.",
        "Add a check on splitting refunds.",
        "check.covers-rule",
    ),
)


def _sample_form() -> SampleForm:
    form = SampleForm(
        {"outcome": "Understand the refund policy", "kind": "guide", "review_by": "2026-05-01", "ask": "on"}
    )
    form.is_valid()
    form.add_error("outcome", "“Understand” cannot be observed. Try “issue”, “verify” or “decline”.")
    form.add_error("review_by", "1 May 2026 has passed. Give a date after today.")
    return form


def states(request: HttpRequest) -> HttpResponse:
    """The page of states. Only routed where DEMO or DEBUG is on. No query of its own."""
    now = timezone.now()
    context: dict[str, Any] = {
        "icon_names": list(ICONS),
        "days_ago": now - timedelta(days=3),
        "days_ahead": now.date() + timedelta(days=4),
        "long_ago": now - LONG_AGO,
        "said": [
            SampleMessage("The import stopped at refunds/partial-refund.md, line 12. Nothing was changed.", "error"),
            SampleMessage("Rolled back. 106 people read v3 again.", "success", "undo:/_look/"),
        ],
        "form": _sample_form(),
        "findings": FINDINGS,
        "page_obj": Paginator(range(1284), 25).page(2),
        "dialog_text": "106 people read v3 again within seconds, in all four channels. "
        "Their answers on v4 are kept. You can release v4 again later.",
    }
    return render(request, "look/states.html", context)
