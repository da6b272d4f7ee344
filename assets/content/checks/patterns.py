"""Accepted short answers: plain texts, and regular expressions that cannot stall (RE2)."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 500

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Fold what a person should not fail on: letter case, spaces, kinds of quotes and dashes, composed letters."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return _SPACE.sub(" ", folded).strip()


def is_pattern(text: str) -> bool:
    """Whether an accepted answer is written as /a pattern/."""
    return len(text) > 2 and text.startswith("/") and text.endswith("/")


@lru_cache(maxsize=512)
def compile_pattern(text: str) -> Any:
    """The RE2 program of `/pattern/`, or None when it is no valid pattern or longer than 500 characters."""
    if len(text) > MAX_PATTERN:
        return None
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(text[1:-1], options)
    except re2.error:
        return None


def accepts(answer: str, given: str) -> bool:
    """Whether an accepted `answer` (a text or a /pattern/ for the whole of it) fits what was given."""
    if is_pattern(answer):
        program = compile_pattern(answer)
        return program is not None and program.fullmatch(_SPACE.sub(" ", given).strip()) is not None
    return normalise(answer) == normalise(given)
