"""Any folder of Markdown, with front matter or without: a handbook, a wiki, a documentation site.

It says nothing of outcomes and checks, so there are none: the gates show that debt, the importer does not hide it.
"""

import re
from collections.abc import Callable, Mapping

from assets.content import Meta
from assets.content.keys import is_asset_key
from assets.content.meta import FIELDS
from assets.content.yaml_nodes import Value
from assets.importers.archive import Folder
from assets.importers.source import CollectionInfo, Note, Shelf, SourceAsset
from assets.importers.texts import (
    Page,
    built,
    find_attribution,
    find_media,
    find_roots,
    is_content,
    key_of,
    link_to,
    linker,
    read_page,
    rewrite_links,
    root_name,
    short_title,
    split_title,
    text_of,
    texts_of,
)

_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_READ = frozenset({"title", "description", "summary", "keywords", "tags", "lang", "locale", "redirect_from"})


class MarkdownShelf(Shelf):
    """A folder of pages."""

    def __init__(self, folder: Folder, root: str, key: str) -> None:
        name = key.replace("-", " ").capitalize()
        super().__init__(CollectionInfo(key, name, find_attribution(folder, root, key)), root)
        self.folder = folder
        self._paths = tuple(path for path in folder.under(root) if is_content(path))
        self.keys = {path: key_of(key, path) for path in self._paths}
        self._sites = self._site_paths()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every Markdown file but the notices of the repository."""
        return self._paths

    def _site_paths(self) -> Mapping[str, str]:
        """Where each page stands on its site: `/tools/slack` → its asset's key."""
        found: dict[str, str] = {}
        for key in self.keys.values():
            inner = key.partition("/")[2]
            for place in (inner, inner.removeprefix("pages/"), inner.removeprefix("docs/")):
                found.setdefault(place, key)
        return found

    def convert(self, path: str, text: str) -> SourceAsset:
        """Read a page. `redirect_from` become aliases; template tags stay as text, with a note for each line."""
        page = read_page(text)
        notes: list[Note] = []
        key = self.keys.get(path) or key_of(self.collection.key, path)
        title = text_of(page.values, "title")
        body = page.body
        if not title:
            title, body = split_title(body)
        body = rewrite_links(body, self._linker(key, path))
        document = built(self._meta(path, key, title, page, notes), body)
        notes += _tags(path, page)
        media, absent = find_media(document, path, self.folder, self.root)
        return SourceAsset(path, document, self.collection.key, (*notes, *absent), (), media)

    def _linker(self, key: str, path: str) -> Callable[[str], str | None]:
        beside = linker(key, path, self.keys)

        def change(href: str) -> str | None:
            if not href.startswith("/") or href.startswith("//"):
                return beside(href)
            where, mark, fragment = href.partition("#")
            target = self._sites.get(where.strip("/").lower().removesuffix(".html"))
            return link_to(key, target) + mark + fragment if target else None

        return change

    def _meta(self, path: str, key: str, title: str, page: Page, notes: list[Note]) -> Meta:
        values = page.values
        locale = text_of(values, "lang", "locale")
        origin = self.collection.attribution
        return Meta(
            key=key,
            title=short_title(title) or path.rpartition("/")[2].rpartition(".")[0],
            summary=text_of(values, "summary", "description"),
            locale=locale if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", locale) else "",
            tags=_words(values.get("tags")) or _words(values.get("keywords")),
            aliases=_aliases(path, values.get("redirect_from"), notes),
            licence=origin.licence,
            source=origin.source,
            extra={name: value for name, value in values.items() if name not in _READ and name not in FIELDS},
        )


def _words(value: Value) -> tuple[str, ...]:
    """Tags as a list, or as one text with commas."""
    if isinstance(value, str):
        value = [*value.split(",")]
    return texts_of(value)[:100]


def _aliases(path: str, value: Value, notes: list[Note]) -> tuple[str, ...]:
    """Former addresses as keys: without slashes around them, in small letters."""
    good: list[str] = []
    for text in texts_of(value):
        alias = text.strip("/").lower().removesuffix(".html")
        if is_asset_key(alias):
            good.append(alias)
        else:
            said = f"The former address {text[:100]} cannot be a key and was left out."
            notes.append(Note(path, 1, said, "Use small letters, digits, dots and hyphens.", "alias"))
    return tuple(dict.fromkeys(good))


def _tags(path: str, page: Page) -> list[Note]:
    return [
        Note(path, page.body_line + page.body.count("\n", 0, found.start()),
             f"The template tag {' '.join(found[0].split())[:60]} is kept as text.",
             "Write what it stands for.", "template-tag")
        for found in _TAG.finditer(page.body)
    ]  # fmt: skip


def find_shelves(folder: Folder, collection: str) -> list[Shelf]:
    """A shelf for each folder named `content`, or one for the whole bundle."""
    roots = find_roots(folder)
    one = len(roots) == 1
    return [MarkdownShelf(folder, r, collection if one and collection else root_name(folder, r)) for r in roots]
