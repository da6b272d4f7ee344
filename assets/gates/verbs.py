"""Verbs that nobody can see a person do. One list for the gate, the outcome form and the importers."""

import re
from typing import Final

# Phrases an outcome must not start with, and a verb to try instead. Longest first where one starts another.
UNOBSERVABLE: Final[dict[str, str]] = {
    "be aware of": "spot, report, warn",
    "be aware": "spot, report, warn",
    "become aware of": "spot, report, warn",
    "be familiar with": "find, use, choose",
    "become familiar with": "find, use, choose",
    "be conscious of": "spot, point out",
    "be able to understand": "explain, choose, predict",
    "have an understanding of": "explain, choose, predict",
    "gain an understanding of": "explain, choose, predict",
    "have knowledge of": "name, find, use",
    "get to know": "name, find, use",
    "know how to": "do the thing itself: drop “know how to”",
    "know about": "name, find, use",
    "know": "name, find, use",
    "understand": "explain, choose, predict",
    "comprehend": "explain, summarise, apply",
    "grasp": "explain, apply",
    "appreciate": "compare, weigh, justify",
    "realise": "spot, explain",
    "realize": "spot, explain",
    "learn about": "do what is learnt: use, explain, build",
    "learn": "do what is learnt: use, explain, build",
    "familiarise yourself with": "find, use, choose",
    "familiarize yourself with": "find, use, choose",
    "believe": "argue for, choose",
    "think about": "decide, list, compare",
    "see": "point out, compare",
    "awareness of": "spot, report, warn",
    "understanding of": "explain, choose, predict",
    "knowledge of": "name, find, use",
    "familiarity with": "find, use, choose",
}  # fmt: skip

# "You will be able to …" and the like only open the sentence: the verb comes after them.
_OPENINGS = re.compile(
    r"(?:(?:by the end[^,]*, )?(?:you|learners|students|participants)(?: will| can| should)*\s+)?"
    r"(?:(?:be )?able to\s+)?(?:to\s+)?(?:(?:fully|better|clearly|really|deeply|briefly)\s+)?",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    "(" + "|".join(re.escape(p) for p in sorted(UNOBSERVABLE, key=len, reverse=True)) + r")(?![\w-])", re.IGNORECASE
)


def unobservable_start(statement: str) -> tuple[str, str] | None:
    """What makes an outcome unobservable, and verbs to try: `("understand", "explain, choose, predict")`.

    None when the statement starts with something that can be seen. Only the start counts: "Explain what customers
    understand by a refund" is fine.
    """
    text = " ".join(statement.split())
    for start in dict.fromkeys((0, _opening(text))):
        found = _PHRASES.match(text, start)
        if found:
            phrase = found.group(1).lower()
            return phrase, UNOBSERVABLE[phrase]
    return None


def _opening(text: str) -> int:
    found = _OPENINGS.match(text)
    return found.end() if found else 0
