"""What a machine can hold the style sheets and templates to."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted(path for path in ROOT.glob("**/templates/**/*.html") if ".venv" not in path.parts) + sorted(
    (ROOT / "templates").glob("*.html")
)
INLINE = re.compile(r"""<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE)
RAW_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)
ORDER = "@layer django, reset, tokens, base, django-parts, components, pages, admin;"


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_compiles_and_has_nothing_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    parts = path.relative_to(ROOT).parts
    if "email" not in parts:  # mail clients know no sheets
        assert INLINE.search(re.sub(r"\{#.*?#\}", "", source)) is None
    get_template("/".join(parts[parts.index("templates") + 1 :]))


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_are_written_in_the_tokens_only(path: Path) -> None:
    css = re.sub(r"\.dialog::backdrop\s*\{[^}]*\}", "", without_comments(path.read_text(encoding="utf-8")))
    # An id selector can look like a colour: only values count.
    assert RAW_COLOUR.findall(" ".join(re.findall(r":\s([^;{}]+);", css))) == []


def test_every_token_that_is_used_is_defined() -> None:
    css = "".join(without_comments(path.read_text(encoding="utf-8")) for path in SHEETS)
    used, defined = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+)\s*:", css))
    assert used - defined == set()


def test_the_first_sheet_of_a_page_says_the_order_of_the_layers() -> None:
    for name in ("tokens.css", "reset.css", "admin.css"):
        rules = without_comments((ROOT / "static" / "css" / name).read_text(encoding="utf-8")).strip()
        assert rules.startswith(ORDER), name


def test_braces_balance() -> None:
    for path in SHEETS:
        css = without_comments(path.read_text(encoding="utf-8"))
        assert css.count("{") == css.count("}"), path.name


def test_texts_pass_contrast_in_both_themes() -> None:
    tokens = without_comments((ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8"))
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", tokens))
    for ground in ("paper", "sheet", "sunk"):
        for text in ("ink", "ink-2", "ink-3", "accent", "good", "warn", "bad"):
            for theme in (0, 1):
                ratio = contrast(pairs[text].split(", ")[theme], pairs[ground].split(", ")[theme])
                assert ratio >= 4.5, (text, ground, theme, ratio)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two `#rrggbb` colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
