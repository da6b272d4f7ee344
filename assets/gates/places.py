"""Where in a file something stands, for findings about the front matter."""

import re

from assets.content import Document


def line_in_front(document: Document, word: str) -> int | None:
    """The file's line on which `word` stands whole, in the front matter first; None when it is nowhere."""
    pattern = re.compile(rf"(?<![\w./-]){re.escape(word)}(?![\w/-])")
    found = pattern.search(document.source)
    return document.source.count("\n", 0, found.start()) + 1 if found else None
