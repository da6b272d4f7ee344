"""A check as it is shown to one person: the question, what they answered, and what they have earned to see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assets.content import Check, Grade, ResponseError, grade
from assets.queries.pages import PageCheck
from delivery.actions.answers import TRIES_BEFORE_SHOW
from delivery.portal.markup import inline
from delivery.queries.opened import asset_path
from telemetry.queries.evidence import CheckEvidence

GAP = "[[{}]]"
NONE = SafeString("")


@dataclass(slots=True)
class Option:
    """One choice. `state` is "", "wrong", "right" or "out"; `why` is feedback that was earned."""

    id: str
    text: SafeString
    chosen: bool = False
    state: str = ""
    why: SafeString = NONE


@dataclass(slots=True)
class Slot:
    """One place to fill: an ordering position, the left side of a pair, a gap. `given` is what was answered there."""

    name: str
    label: SafeString
    given: str = ""
    before: SafeString = NONE


@dataclass(slots=True)
class ShownCheck:
    """What the template needs. Nothing in here is a right answer unless the person earned it."""

    asset_key: str
    key: str
    type: str
    prompt: SafeString
    number: int = 0
    total: int = 0
    tries: int = 0
    state: str = "open"  # open, wrong, right, shown
    options: list[Option] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    after: SafeString = NONE
    unit: str = ""
    given: str = ""
    message: SafeString = NONE
    answer: list[SafeString] = field(default_factory=list)
    problem: str = ""

    @property
    def path(self) -> str:
        """Where an answer goes."""
        return f"{asset_path(self.asset_key)}checks/{self.key}/"

    def inline(self, text: str) -> SafeString:
        """Markdown of this check as markup."""
        return inline(text, self.asset_key)

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to answer."""
        return self.state in ("right", "shown")

    @property
    def may_show(self) -> bool:
        """Whether the answer may be asked for."""
        return self.state == "wrong" and self.tries >= TRIES_BEFORE_SHOW


def show_check(
    asset_key: str,
    page_check: PageCheck,
    evidence: CheckEvidence | None,
    *,
    content: Check | None = None,
    last: Mapping[str, Any] | None = None,
    problem: str = "",
) -> ShownCheck:
    """Put together what one person sees of a check.

    Args:
        asset_key: of the asset, for the address answers go to.
        page_check: the public check.
        evidence: what the person has answered to this content; None when nothing.
        content: the check with its answers; needed only when something was answered.
        last: {"response": …, "shown": bool}: the answer given a moment ago in this session.
        problem: why a response could not be graded.
    """
    public = page_check.public
    shown = ShownCheck(
        asset_key=asset_key,
        key=page_check.key,
        type=page_check.type,
        prompt=SafeString("") if page_check.type == "cloze" else inline(page_check.prompt, asset_key),
        tries=evidence.tries if evidence else 0,
        unit=public.get("unit", ""),
        problem=problem,
    )
    _fill(shown, public)
    if content is None or evidence is None:
        return shown
    last = last or {}
    if last.get("shown"):
        shown.state = "shown"
    elif evidence.last_right or evidence.right:
        shown.state = "right"
    elif last.get("response"):
        shown.state = "wrong"
    _mark(shown, content, last.get("response"))
    return shown


def _fill(shown: ShownCheck, public: Mapping[str, Any]) -> None:
    """The empty form of each type."""
    if public.get("choices"):
        items = public["choices"]
        shown.options = [Option(item["id"], shown.inline(item["text"])) for item in items]
        if shown.type == "ordering":
            shown.slots = [Slot(f"order-{i}", SafeString(_("Place %(n)d") % {"n": i + 1})) for i in range(len(items))]
    elif shown.type == "matching":
        shown.options = [Option(item["id"], shown.inline(item["text"])) for item in public["rights"]]
        shown.slots = [Slot(f"pair-{item['id']}", shown.inline(item["text"])) for item in public["lefts"]]
    elif shown.type == "cloze":
        _cut_at_gaps(shown, public["prompt"], public["gaps"])


def _cut_at_gaps(shown: ShownCheck, prompt: str, gaps: int) -> None:
    rest = prompt
    for number in range(1, gaps + 1):
        before, _gap, rest = rest.partition(GAP.format(number))
        label = SafeString(_("Gap %(n)d") % {"n": number})
        shown.slots.append(Slot(f"gap-{number - 1}", label, before=shown.inline(before)))
    shown.after = shown.inline(rest)


def _mark(shown: ShownCheck, content: Check, response: Mapping[str, Any] | None) -> None:
    """Add what was answered and the feedback on it; with the right answer once it is earned."""
    result = _grade(content, response) if response else None
    if result is not None and response:
        _note_response(shown, response)
        shown.message = shown.inline(result.message)
    if shown.type in ("single", "multiple", "true-false"):
        _mark_options(shown, content, result)
    elif shown.settled:
        shown.answer = right_answer(shown, content)
    if shown.state == "right" and not shown.message:
        shown.message = shown.inline(content.right)


def _grade(content: Check, response: Mapping[str, Any]) -> Grade | None:
    try:
        return grade(content, response)
    except ResponseError:  # the check changed since the session kept this answer
        return None


def _note_response(shown: ShownCheck, response: Mapping[str, Any]) -> None:
    chosen = {response.get("choice"), *response.get("choices", ())}
    for option in shown.options:
        option.chosen = option.id in chosen
    shown.given = str(response.get("number", response.get("text", "")))
    filled = [*response.get("order", ()), *response.get("gaps", ())]
    for place, slot in enumerate(shown.slots):
        pairs = response.get("pairs", {})
        slot.given = pairs.get(slot.name.removeprefix("pair-"), filled[place] if place < len(filled) else "")


def _mark_options(shown: ShownCheck, content: Check, result: Grade | None) -> None:
    choices = {choice.id: choice for choice in content.choices}
    for option in shown.options:
        choice = choices.get(option.id)
        if choice is None:
            continue
        if shown.settled:
            option.state = "right" if choice.right else "out"
            option.why = shown.inline(choice.feedback) if choice.right or option.chosen else SafeString("")
        elif shown.state == "wrong" and option.chosen and shown.type != "multiple":
            option.state = "wrong"
            option.why = shown.inline((result.choice_feedback if result else {}).get(option.id, ""))
        elif shown.state == "wrong" and option.chosen and not choice.right:
            option.why = shown.inline((result.choice_feedback if result else {}).get(option.id, ""))


def right_answer(shown: ShownCheck, content: Check) -> list[SafeString]:
    """The right answer in lines, for types without choices to mark. Call it only once it is earned."""
    if content.type == "ordering":
        return [shown.inline(choice.text) for choice in content.choices]
    if content.type == "matching":
        return [shown.inline(f"{pair.left} → {pair.right}") for pair in content.pairs if pair.left]
    if content.type == "cloze":
        return [shown.inline(gap.answers[0]) for gap in content.gaps if gap.answers]
    return [shown.inline(choice.text) for choice in content.choices if choice.right]
