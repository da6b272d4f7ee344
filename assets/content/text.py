"""Bytes and lines. Every line number of the package comes from here, so all parts count alike."""

import codecs
import re

from assets.content.problems import ContentError, Problem

BOM = "\ufeff"
MAX_BYTES = 1_048_576

# CommonMark's line endings only: str.splitlines would also break at form feeds and U+2028.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_OTHER_ENCODINGS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"))
_UTF16 = ((codecs.BOM_UTF16_LE, "UTF-16LE"), (codecs.BOM_UTF16_BE, "UTF-16BE"))


def split_lines(text: str) -> list[str]:
    """Split into lines that keep their endings: `"".join(split_lines(text)) == text`."""
    return _LINE.findall(text)


def count_newlines(text: str) -> int:
    """How many line endings there are; CRLF counts once."""
    return len(_NEWLINE.findall(text))


def newline_of(text: str) -> str:
    """The line ending that the first line of `text` uses; "\\n" when there is none."""
    found = _NEWLINE.search(text)
    return found.group() if found else "\n"


def match_newlines(text: str, like: str) -> str:
    """Give `text` the line endings of `like`.

    A browser sends a textarea with CRLF whatever it was given, so every form that takes a source calls this first:
    otherwise each line would count as changed.
    """
    return _NEWLINE.sub(newline_of(like), text)


def normalise_newlines(text: str) -> str:
    """`text` with every line ending as a single line feed."""
    return _NEWLINE.sub("\n", text)


def decode(data: bytes) -> str:
    """Decode the bytes of a content file.

    A UTF-8 byte-order mark stays in the text as U+FEFF, so that the export gives back the same bytes.

    Raises ContentError when the file is too large, is not UTF-8 (with the byte and the line), or holds a NUL.
    """
    if len(data) > MAX_BYTES:
        raise ContentError((too_large(len(data)),))
    for mark, name in _OTHER_ENCODINGS + _UTF16:
        if data.startswith(mark):
            raise ContentError((_wrong_encoding(f"The file is in {name}, not UTF-8", 1, name),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = f"Byte {error.start} (0x{data[error.start]:02x}) on line {line} is not UTF-8"
        raise ContentError((_wrong_encoding(said, line, "ISO-8859-1"),)) from None
    problem = unstorable(text)
    if problem:
        raise ContentError((problem,))
    return text


def encode(text: str) -> bytes:
    """The bytes of a content file: the reverse of `decode`."""
    return text.encode("utf-8")


def too_large(size: int) -> Problem:
    """The problem of a file of `size` bytes."""
    return Problem(
        "text.too-large",
        f"The file has {size:,} bytes; {MAX_BYTES:,} are the most.",
        1,
        "Split it into several assets: one task each.",
    )


def unstorable(text: str) -> Problem | None:
    """The problem of a text that cannot be kept in the database or written as UTF-8, if there is one."""
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    line = count_newlines(text[: found.start()]) + 1
    name = f"U+{ord(found.group()):04X}"
    return Problem(
        "text.character",
        f"Line {line} holds the character {name}, which no text may contain.",
        line,
        "Delete the character. A NUL often means that the file is UTF-16 or not text: save it as UTF-8.",
    )


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _wrong_encoding(said: str, line: int, name: str) -> Problem:
    fix = f"Save the file as UTF-8, for example: iconv -f {name} -t UTF-8 OLD.md > NEW.md"
    return Problem("text.encoding", f"{said}.", line, fix)
