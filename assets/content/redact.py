"""A source without its answers, for people who may suggest but not see them, and the way back."""

import re

from assets.content.checks.read import GAP, lay_out
from assets.content.document import Document, parse
from assets.content.text import newline_of

_HIDDEN_GAP = "[[?]]"


def redact(document: Document) -> str:
    """The source with the answer part of each check left out, and each gap of a cloze as `[[?]]`.

    Nothing a person has not earned is in it: no choice marked, no feedback, no accepted answer. A check that cannot be
    read shows only its first line. `restore` puts the answers back.
    """
    lines = list(document.lines)
    heads = {check.first_line: check.type for check in document.checks}
    for span in reversed(document.scan.spans):
        if span.kind != "check":
            continue
        kind = heads.get(document.body_line + span.first)
        last = span.stop - 1 if _is_close(lines[span.stop - 1]) and span.stop - 1 > span.first else span.stop
        inner = lines[span.first + 1 : last]
        lines[span.first + 1 : last] = _question(kind, inner) if kind else []
    return document.front.text + "".join(lines)


def _is_close(line: str) -> bool:
    return line.startswith(":::") and not line.strip().strip(":")


def _question(kind: str, inner: list[str]) -> list[str]:
    layout = lay_out(kind, [line.rstrip("\r\n") for line in inner])
    kept = inner[: layout.prompt]
    if kind != "cloze":
        return kept
    return re.split(r"(?<=\n)", GAP.sub(_HIDDEN_GAP, "".join(kept)))


def restore(suggested: str, base: Document) -> str:
    """A redacted source that somebody edited, with the answers of `base` put back by key.

    The question is theirs, the answers are the base's. A check with a key that the base does not have is taken as
    written. A cloze whose gaps are not as many as before keeps the base's text whole, as does one with a changed type.
    """
    document = parse(suggested, strict=False)
    lines = list(document.lines)
    spans = {base.body_line + span.first: span for span in base.scan.spans if span.kind == "check"}
    originals = {check.key: (check, spans[check.first_line]) for check in base.checks}
    keys = {check.first_line: check for check in document.checks}
    for span in reversed(document.scan.spans):
        check = keys.get(document.body_line + span.first) if span.kind == "check" else None
        if check is None or check.key not in originals:
            continue
        old, old_span = originals[check.key]
        block = base.lines[old_span.first : old_span.stop]
        stop = span.stop
        if old.type == check.type:
            inner = lines[span.first + 1 : stop - 1] if _is_close(lines[stop - 1]) else lines[span.first + 1 : stop]
            block = [lines[span.first], *_restored(old.type, inner, block, newline_of(suggested))]
        lines[span.first : stop] = block
    return document.front.text + "".join(lines)


def _restored(kind: str, inner: list[str], block: list[str], newline: str) -> list[str]:
    """The inner lines and the closing fence of one check."""
    old = block[1:-1] if _is_close(block[-1]) else block[1:]
    close = block[len(old) + 1 :]
    plain = [line.rstrip("\r\n") for line in old]
    cut = lay_out(kind, plain).prompt
    question = inner[: lay_out(kind, [line.rstrip("\r\n") for line in inner]).prompt]
    if kind == "cloze":
        gaps = [found[0] for found in GAP.finditer("".join(old[:cut]))]
        text = "".join(question)
        if text.count(_HIDDEN_GAP) != len(gaps) or len(GAP.findall(text)) != len(gaps):
            question = old[:cut]
        else:
            rest = iter(gaps)
            question = [re.sub(re.escape(_HIDDEN_GAP), lambda _: next(rest), text)]
    if question and cut < len(old) and not question[-1].endswith(("\n", "\r")):
        question[-1] += newline
    return [*question, *old[cut:], *close]
