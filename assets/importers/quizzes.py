"""Quiz files of the "for Beginners" curricula: JSON in which `isCorrect` is the text "true"."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.importers.texts import slug, unique

_MARKUP = re.compile(r"([\\`*_<\[\]&~$])")
_START = re.compile(r"^([-+#>:]|\d+[.)]|right:|wrong:)")
_DASH = re.compile(r"(?<=\s)(—|--)(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Quiz:
    """One quiz: its number joins it to a lesson. `line` is where it starts in its file."""

    number: int
    title: str
    questions: tuple["Question", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers, each with whether it is right."""

    text: str
    answers: tuple[tuple[str, bool], ...]


def read_quizzes(text: str) -> list[Quiz]:
    """Read a quiz file. Raises ValueError (also JSONDecodeError, with its line) when it is not one."""
    data = json.loads(text)
    groups = data if isinstance(data, list) else [data]
    rows = [quiz for group in groups for quiz in _rows(group, "quizzes")]
    return [_quiz(row, _line(text, int(row["id"]))) for row in rows]


def _rows(value: Any, name: str) -> Sequence[Mapping[str, Any]]:
    rows = value.get(name) if isinstance(value, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"There is no list “{name}” where one is expected.")
    return rows


def _quiz(row: Mapping[str, Any], line: int) -> Quiz:
    questions = tuple(
        Question(
            _clean(question.get("questionText")),
            tuple(
                (_clean(answer.get("answerText")), _is_true(answer.get("isCorrect")))
                for answer in _rows(question, "answerOptions")
            ),
        )
        for question in _rows(row, "quiz")
    )
    return Quiz(int(row["id"]), _clean(row.get("title")), questions, line)


def _clean(value: object) -> str:
    return " ".join(str(value if value is not None else "").split())


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().lower() == "true"


def _line(text: str, number: int) -> int:
    found = re.search(rf'"id"\s*:\s*"?{number}"?\s*[,}}]', text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def unanswerable(quiz: Quiz) -> Iterator[str]:
    """Why a quiz cannot be graded, question by question."""
    for question in quiz.questions:
        right = sum(is_right for _text, is_right in question.answers)
        texts = [text.casefold() for text, _right in question.answers]
        if not right:
            yield f"The question “{question.text[:80]}” has no right answer."
        elif right == len(texts):
            yield f"The question “{question.text[:80]}” has only right answers."
        if len(set(texts)) < len(texts):
            yield f"The question “{question.text[:80]}” has the same answer twice."


def write_checks(quiz: Quiz, keys: Sequence[str]) -> str:
    """The questions as checks of our format; `keys` are theirs, in order."""
    return "\n".join(_check(question, key) for question, key in zip(quiz.questions, keys, strict=True))


def check_keys(quiz: Quiz) -> list[str]:
    """A key for each question, from its words."""
    keys: list[str] = []
    for number, question in enumerate(quiz.questions, 1):
        keys.append(unique(slug(question.text) or f"question-{number}", keys))
    return keys


def _check(question: Question, key: str) -> str:
    right = sum(is_right for _text, is_right in question.answers)
    words = {text.casefold() for text, _right in question.answers}
    kind = "multiple" if right > 1 else "true-false" if words == {"true", "false"} else "single"
    lines = [f"- [{'x' if is_right else ' '}] {escaped(text)}" for text, is_right in question.answers]
    return "\n".join([f"::: check {kind} {key}", escaped(question.text), *lines, ":::", ""])


def escaped(text: str) -> str:
    """Plain text as Markdown that shows the same, and that means nothing else inside a check."""
    text = _MARKUP.sub(r"\\\1", text)
    text = _DASH.sub(lambda found: "–" if found[1] == "—" else "-\\-", text)
    return _START.sub(r"\\\1", text) if not text[:1].isdigit() else re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
