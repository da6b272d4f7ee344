"""The shape of the house, where no linter holds it: sizes, templates, models, settings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT: Final = Path(settings.BASE_DIR)
ROOMS: Final = ("learningops", "dashboards", "delivery", "telemetry", "assets", "flags", "people")
LONGEST_MODULE: Final = 400
LONGEST_FUNCTION: Final = 40
MEDIAN_FUNCTION: Final = 10

# Functions that are longer, with the reason.
LONG_FUNCTIONS: Final[dict[str, str]] = {}


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, without its decorators and docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node) is not None and first.end_lineno is not None:
                lines -= first.end_lineno - first.lineno + 1
            yield f"{place(path)}:{node.name}", lines


def test_modules_are_short() -> None:
    long = {
        place(path): lines
        for path in modules(*ROOMS, "tests", "bench")
        if (lines := path.read_text("utf-8").count("\n")) > LONGEST_MODULE
    }
    assert not long


def test_functions_are_short() -> None:
    every = dict(function for path in modules(*ROOMS) for function in functions(path))
    long = {name: lines for name, lines in every.items() if lines > LONGEST_FUNCTION and name not in LONG_FUNCTIONS}
    assert not long
    lengths = sorted(every.values())
    assert lengths[len(lengths) // 2] <= MEDIAN_FUNCTION
    assert not set(LONG_FUNCTIONS) - set(every), "These are gone; take them out of LONG_FUNCTIONS."


def test_no_catch_all_modules() -> None:
    names = {"utils.py", "helpers.py", "misc.py", "common.py", "signals.py"}
    assert not [place(path) for path in modules(*ROOMS) if path.name in names]


def test_no_rule_hides_in_a_signal_or_a_generic_key() -> None:
    words = re.compile(r"GenericForeignKey|@receiver\b|\b(pre|post)_(save|delete)\b|m2m_changed")
    assert not [place(path) for path in modules(*ROOMS) if words.search(path.read_text("utf-8"))]


def test_public_functions_say_what_they_do() -> None:
    """Actions, queries and policies are called from elsewhere; each of their public functions has a docstring."""
    silent = []
    for path in modules(*ROOMS):
        if not {"actions", "queries"} & set(path.parts) and path.name != "policies.py":
            continue
        silent += [
            f"{place(path)}:{node.name}"
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.get_docstring(node) is None
        ]
    assert not silent


def test_actions_are_keyword_only() -> None:
    """A public function of an action that takes an actor takes everything by name."""
    wrong = []
    for path in modules(*ROOMS):
        if "actions" not in path.parts:
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                by_name = {argument.arg for argument in node.args.kwonlyargs}
                by_position = {argument.arg for argument in node.args.args}
                if "actor" in by_position or ("actor" in by_name and by_position):
                    wrong.append(f"{place(path)}:{node.name}")
    assert not wrong


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline style", r"<style\b|\sstyle\s*="),
        ("inline script", r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>"),
        ("event handler", r"<[a-zA-Z][^>]*\son[a-z]+\s*="),
        ("address of another site in src", r"\bsrc\s*=\s*[\"'](https?:)?//"),
    ],
)
def test_templates_hold_nothing_inline(what: str, pattern: str) -> None:
    """The content security policy would drop it. Mail is not a page of ours: a mail client needs inline styles."""
    words, logic = re.compile(pattern), re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
    pages = [path for path in templates() if "email" not in path.parts]
    assert not [place(path) for path in pages if words.search(logic.sub("", path.read_text("utf-8")))], what


# Taken out one after the other: what is translated, what is code, then every tag.
_UNSPOKEN: Final = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"{%\s*comment\b.*?{%\s*endcomment\s*%}",
        r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}",
        r"{%\s*block\s+\w*(class|attributes|coltype)\s*%}.*?{%\s*endblock\b.*?%}",
        r"{#.*?#}|{%.*?%}|{{.*?}}",
        r"<!--.*?-->|<(script|code|pre|svg|style)\b.*?</\1>",
        r"<[^>]*>|&[a-zA-Z#0-9]+;",
    )
]
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
# Names and units that are the same in every language, and pages that only developers see.
_SAME: Final = frozenset({"LearningOps", "min", "html", "CSV", "JSON", "API"})
_FOR_DEVELOPERS: Final = frozenset({"templates/look/states.html"})


def test_what_templates_say_can_be_translated() -> None:
    spoken = {}
    for path in templates():
        if place(path) in _FOR_DEVELOPERS:
            continue
        text = path.read_text("utf-8")
        for unspoken in _UNSPOKEN:
            text = unspoken.sub(" ", text)
        words = [word for word in _WORD.findall(text) if word not in _SAME]
        if words:
            spoken[place(path)] = words[:8]
    assert not spoken


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in ROOMS]


# Rows of the machinery, which no page shows one by one.
_INNER: Final = frozenset({"StatementId", "Statement", "TrailMark"})


def test_models_have_a_name_or_are_link_rows() -> None:
    """A row that people see says what it is; a row that hangs on another one and only links needs not."""
    nameless = []
    for model in own_models():
        links = sum(isinstance(field, models.ForeignKey | models.OneToOneField) for field in model._meta.fields)
        if "__str__" not in vars(model) and model.__str__ is models.Model.__str__ and not links:
            nameless.append(model.__name__)
    assert not set(nameless) - _INNER


def test_models_say_what_they_are() -> None:
    """Django writes "Name(field, …)" where there is no docstring."""
    assert not [m.__name__ for m in own_models() if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")]


def test_configuration_is_read_in_one_place() -> None:
    allowed = (
        "learningops/",  # settings, and entry points that come before them
        "assets/importers/history.py",  # hands git a PATH and nothing else
    )
    readers = [
        place(path)
        for path in modules(*ROOMS)
        if re.search(r"os\.environ|os\.getenv", path.read_text("utf-8")) and not place(path).startswith(allowed)
    ]
    assert not readers, "only settings read the environment"
