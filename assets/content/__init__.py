"""The content format: parse, serialise, render, grade, diff, classify, merge. Pure: no framework, no I/O.

An asset's file is front matter and a Markdown body with `::: check` blocks (docs/content-format.md). The text is the
truth: a draft and a version store it whole, and everything else is read from it here.
"""

from assets.content.checks.grade import Grade, grade
from assets.content.checks.model import TYPES as CHECK_TYPES
from assets.content.checks.model import Check, Choice, Gap, Pair
from assets.content.classify import ChangeClass, Reason, classify
from assets.content.diff import BlockChange, CheckChange, Diff, FieldChange, diff
from assets.content.diff_html import DiffRow, SourceRow, rendered_diff, source_diff
from assets.content.document import Document, parse, serialise
from assets.content.keys import is_asset_key, is_check_key
from assets.content.merge import Conflict, MergeResult, merge, resolve
from assets.content.meta import KINDS, Item, Meta
from assets.content.outline import Block, Heading, Image, Link
from assets.content.problems import ContentError, Problem, ResponseError
from assets.content.redact import redact, restore
from assets.content.render import (
    CheckSlot,
    Html,
    Rendering,
    excerpt,
    render,
    render_fragment,
    render_inline,
    render_text,
)
from assets.content.text import decode, encode, match_newlines

__all__ = [
    "CHECK_TYPES",
    "KINDS",
    "Block",
    "BlockChange",
    "ChangeClass",
    "Check",
    "CheckChange",
    "CheckSlot",
    "Choice",
    "Conflict",
    "ContentError",
    "Diff",
    "DiffRow",
    "Document",
    "FieldChange",
    "Gap",
    "Grade",
    "Heading",
    "Html",
    "Image",
    "Item",
    "Link",
    "MergeResult",
    "Meta",
    "Pair",
    "Problem",
    "Reason",
    "Rendering",
    "ResponseError",
    "SourceRow",
    "classify",
    "decode",
    "diff",
    "encode",
    "excerpt",
    "grade",
    "is_asset_key",
    "is_check_key",
    "match_newlines",
    "merge",
    "parse",
    "redact",
    "render",
    "render_fragment",
    "render_inline",
    "render_text",
    "rendered_diff",
    "resolve",
    "restore",
    "serialise",
    "source_diff",
]
