"""Microsoft's "for Beginners" curricula: a folder per lesson, quizzes in one JSON file, translations in folders.

A lesson's README, its assignment and its how-tos become guides. Each quiz becomes a practice asset; its number joins it
to the lesson: the links of the lesson to the quiz site lead to it.
"""

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from assets.content import ContentError, Meta
from assets.importers.archive import Folder
from assets.importers.quizzes import Quiz, check_keys, read_quizzes, unanswerable, write_checks
from assets.importers.source import CollectionInfo, Note, Shelf, SourceAsset
from assets.importers.texts import (
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
)

QUIZ_LINK: Final = re.compile(r"https?://[^\s)]+/quiz/(\d+)/?(?:\?[^\s)]*)?")
_QUIZ_FILE = re.compile(r".*quiz[^/]*/(?:.*/)?translations/([A-Za-z-]+)\.json")
_TRANSLATED = re.compile(r"(?:.*/)?translations/([A-Za-z-]{2,10})/(.+)")
_TRANSLATED_NAME = re.compile(r"\.([a-z]{2}(?:-[a-z]{2,4})?)\.md$")
_LOCALES: Final = {"hin": "hi", "en": "", "zh-cn": "zh-CN"}
ORIGINAL: Final = "en"


class BeginnersShelf(Shelf):
    """One curriculum."""

    def __init__(self, folder: Folder, root: str, key: str) -> None:
        name = key.replace("-", " ").capitalize()
        super().__init__(CollectionInfo(key, name, find_attribution(folder, root, key)), root)
        self.folder = folder
        self._paths = tuple(path for path in folder.under(root) if is_content(path))
        self.keys = {path: key_of(key, path) for path in self._paths}
        self.quizzes = dict(self._read_quizzes())
        self._lessons = self._lessons_of_quizzes()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every Markdown file but the notices of the repository."""
        return self._paths

    def _read_quizzes(self) -> Iterator[tuple[str, tuple[str, list[Quiz]]]]:
        """Language → the file and its quizzes."""
        for path in self.folder.under(self.root):
            found = _QUIZ_FILE.fullmatch(path)
            if not found:
                continue
            try:
                yield found[1].lower(), (path, read_quizzes(self.folder.read(self.full(path)).decode()))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
                said = f"The quizzes cannot be read: {error}."
                self.notes.append(Note(self.full(path), line, said, "Correct the JSON.", "quiz-file", skipped=True))

    def _lessons_of_quizzes(self) -> Mapping[int, str]:
        """Quiz number → path of the lesson that links to it."""
        found: dict[int, str] = {}
        for path in self._paths:
            if not path.endswith("README.md") or _TRANSLATED.fullmatch(path):
                continue
            text = self.folder.read(self.full(path)).decode("utf-8", "replace")
            for number in QUIZ_LINK.findall(text):
                found.setdefault(int(number), path)
        return found

    def convert(self, path: str, text: str) -> SourceAsset:
        """Read a lesson, an assignment or a how-to; its title is its first heading."""
        page = read_page(text)
        key = self.keys.get(path) or key_of(self.collection.key, path)
        title, body = split_title(page.body)
        title = text_of(page.values, "title") or title
        body = rewrite_links(body, self._linker(key, path))
        locale, original = self._original(path)
        origin = self.collection.attribution
        meta = Meta(
            key=key,
            title=short_title(title) or posixpath.splitext(posixpath.basename(path))[0].replace("-", " "),
            locale=locale,
            tags=(_sort_of(path),),
            licence=origin.licence,
            source=origin.source,
            translation_of=original,
        )
        document = built(meta, body)
        media, notes = find_media(document, path, self.folder, self.root)
        return SourceAsset(path, document, self.collection.key, tuple(notes), (), media)

    def _original(self, path: str) -> tuple[str, str]:
        """Locale and key of what a translated file translates; both empty for one that is no translation."""
        found = _TRANSLATED.fullmatch(path)
        if found:
            locale, name = found[1], _TRANSLATED_NAME.sub(".md", found[2])
            return _LOCALES.get(locale.lower(), locale), self.keys.get(name, "")
        return "", ""

    def _linker(self, key: str, path: str) -> Callable[[str], str | None]:
        beside = linker(key, path, self.keys)
        language, _ = self._original(path)
        quizzes = {quiz.number for quiz in self._of(language)}
        english = {quiz.number for quiz in self._of(ORIGINAL)}

        def change(href: str) -> str | None:
            found = QUIZ_LINK.fullmatch(href)
            if not found:
                return beside(href)
            number = int(found[1])
            if number in quizzes:
                return link_to(key, self._quiz_key(language, number))
            return link_to(key, self._quiz_key("", number)) if number in english else None

        return change

    def _of(self, language: str) -> list[Quiz]:
        """The quizzes of a language that can be graded."""
        _path, quizzes = self.quizzes.get(language.lower() or ORIGINAL, ("", []))
        return [quiz for quiz in quizzes if quiz.questions and not any(unanswerable(quiz))]

    def _quiz_key(self, language: str, number: int) -> str:
        inner = f"translations/{language}/quizzes" if language and language != ORIGINAL else "quizzes"
        return f"{self.collection.key}/{inner}/{number:02}"

    def more(self) -> Iterable[SourceAsset | Note]:
        """The quizzes, those of the original language first."""
        for language in sorted(self.quizzes, key=lambda name: (name != ORIGINAL, name)):
            path, quizzes = self.quizzes[language]
            for quiz in quizzes:
                yield from self._convert_quiz(path, language, quiz)

    def _convert_quiz(self, path: str, language: str, quiz: Quiz) -> Iterator[SourceAsset | Note]:
        wrong = list(unanswerable(quiz)) or ([] if quiz.questions else ["The quiz has no question."])
        for reason in wrong:
            fix = 'Correct it in the file: the right answer says "isCorrect": "true".'
            said = f"{reason} The quiz {quiz.number} was left out."
            yield Note(path, quiz.line, said, fix, "quiz-answer", skipped=True)
        if wrong:
            return
        try:
            yield self._quiz_asset(path, language, quiz)
        except ContentError as error:
            for problem in error.problems:
                yield Note(path, quiz.line, problem.message, problem.fix, problem.code, skipped=True)

    def _quiz_asset(self, path: str, language: str, quiz: Quiz) -> SourceAsset:
        key = self._quiz_key(language, quiz.number)
        original = next((q for q in self._of(ORIGINAL) if q.number == quiz.number), quiz)
        same = len(original.questions) == len(quiz.questions)
        origin = self.collection.attribution
        meta = Meta(
            key=key,
            title=short_title(quiz.title) or f"Quiz {quiz.number}",
            kind="practice",
            locale=_LOCALES.get(language, language),
            tags=("quiz",),
            licence=origin.licence,
            source=origin.source,
            translation_of="" if language == ORIGINAL or original is quiz else self._quiz_key("", quiz.number),
        )
        lesson, notes = self._lesson_line(key, path, language, quiz)
        document = built(meta, lesson + write_checks(quiz, check_keys(original if same else quiz)))
        return SourceAsset(path, document, self.collection.key, tuple(notes))

    def _lesson_line(self, key: str, path: str, language: str, quiz: Quiz) -> tuple[str, list[Note]]:
        lesson = self._lessons.get(quiz.number)
        if lesson is None:
            said = f"No lesson links to the quiz {quiz.number}."
            return "", [Note(path, quiz.line, said, "Link it from its lesson.", "quiz")] if language == ORIGINAL else []
        translated = f"translations/{_LOCALES.get(language, language)}/{lesson}"
        target = self.keys.get(translated, self.keys[lesson])
        text = self.folder.read(self.full(translated if translated in self.keys else lesson)).decode("utf-8", "replace")
        title = split_title(text)[0] or target
        return f"[{title}]({link_to(key, target)})\n\n", []


def _sort_of(path: str) -> str:
    name = posixpath.basename(path).lower()
    if name.startswith("readme"):
        return "lesson"
    return "assignment" if name.startswith("assignment") else "how-to"


def find_shelves(folder: Folder, collection: str) -> list[Shelf]:
    """A shelf for each curriculum."""
    roots = find_roots(folder)
    one = len(roots) == 1
    return [BeginnersShelf(folder, r, collection if one and collection else root_name(folder, r)) for r in roots]
