"""The three bundles come in, with their history, and go out again. What is asserted is counted in the files."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils.dateparse import parse_datetime

from assets.exporters.folder import export_content
from assets.importers.run import ImportReport, import_content
from assets.models import Asset, AssetAlias, Check, Collection, Outcome, Version
from tests.corpora.conftest import read_revisions

pytestmark = [pytest.mark.corpora, pytest.mark.django_db]

FORMS = {"carpentries": "workbench", "iot-for-beginners": "beginners", "18f-handbook": "markdown"}


def bring_in(data: Path, bundle: str, *, history: bool = False) -> ImportReport:
    return import_content(path=data / f"{bundle}.tgz", form=FORMS[bundle], history=history)


def markdown_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md"))


def test_lessons_of_the_carpentries(data: Path, raw: Path) -> None:
    report = bring_in(data, "carpentries")
    files = [f for f in markdown_files(raw / "carpentries") if f.stem not in {"LICENSE", "ATTRIBUTION"}]
    episodes = [f for f in files if f.parent.name == "episodes"]
    texts = [f.read_text(encoding="utf-8") for f in files]
    blocks = [re.findall(r"^:::+ *objectives\s*?\n(.*?)^:::+\s*$", t, re.DOTALL | re.MULTILINE) for t in texts]
    objectives = sum(len(re.findall(r"^- ", block, re.MULTILINE)) for found in blocks for block in found)
    challenges = sum(len(re.findall(r"^:::+ *challenge", text, re.MULTILINE)) for text in texts)

    assert len(episodes) == 25
    assert Asset.objects.count() == len(files)
    assert Asset.objects.filter(key__contains="/episodes/").count() == len(episodes)
    assert objectives == 71
    assert Outcome.objects.count() == objectives
    # Each challenge is a check or stays as practice: none is lost.
    practice = report.remark_counts()["challenge-practice"]
    assert report.checks == Check.objects.count() == 16
    assert report.checks + practice == challenges
    assert not report.skipped
    assert {c.key: c.licence for c in Collection.objects.all()} == dict.fromkeys(
        ("git-novice", "shell-novice", "sql-ecology-lesson"), "CC BY 4.0 (code snippets MIT)"
    )
    git = Collection.objects.get(key="git-novice")
    assert git.name == "Version Control with Git"
    assert "The Carpentries" in git.attribution
    assert set(Asset.objects.filter(collection=git).values_list("source", flat=True)) == {
        "github.com/swcarpentry/git-novice"
    }
    crlf = Asset.objects.get(key="git-novice/episodes/11-licensing")
    assert "\r" not in crlf.versions.get().source
    pathway = Version.objects.get(asset__key="git-novice")
    assert pathway.dependencies.filter(kind="item").count() == 14


def test_the_right_answers_are_the_ones_the_solutions_name(data: Path) -> None:
    bring_in(data, "carpentries")
    rows = Version.objects.filter(checks__isnull=False).values_list("checks__check_identity__key", "checks__data")
    right = {key: [n for n, c in enumerate(check["choices"], 1) if c["right"]] for key, check in rows}
    assert right == {
        "committing-changes-to-git": [3],
        "recovering-older-versions-of-a-file": [5],
        "understanding-workflow-and-history": [2],
        "absolute-vs-relative-paths": [5, 7, 8, 9],
        "relative-path-resolution": [4],
        "ls-reading-comprehension": [2, 3],
        "renaming-files": [2],
        "moving-and-copying": [2],
        "list-filenames-matching-a-pattern": [3],
        "appending-data": [3],
        "piping-commands-together": [4],
        "which-pipe": [4],
        "removing-unneeded-files": [2],
        "saving-to-a-file-in-a-loop-part-two": [3],
        "variables-in-shell-scripts": [2],
        "using-grep": [3],
    }


def test_the_curriculum_for_beginners(data: Path, raw: Path) -> None:
    report = bring_in(data, "iot-for-beginners")
    content = next((raw / "iot-for-beginners").rglob("content"))
    files = [f for f in markdown_files(content) if f.stem not in {"LICENSE", "ATTRIBUTION"}]
    own = [f for f in files if "translations" not in f.parts]
    quizzes = {f.stem: json.loads(f.read_text())[0]["quizzes"] for f in content.rglob("translations/*.json")}
    gradable = {
        language: [q for q in found if all(
            any(a["isCorrect"] == "true" for a in question["answerOptions"]) for question in q["quiz"])]
        for language, found in quizzes.items()
    }  # fmt: skip

    assert len(quizzes["en"]) == 48
    assert sum(len(q["quiz"]) for q in quizzes["en"]) == 144
    assert Asset.objects.count() == len(files) + sum(map(len, gradable.values()))
    assert Asset.objects.filter(kind="practice", translation_of=None).count() == 48
    assert Check.objects.filter(asset__translation_of=None).count() == 144
    assert report.checks == sum(len(q["quiz"]) for found in gradable.values() for q in found)
    # The Arabic file spells one "true" as "frue": that quiz is named with its line, the others come in.
    assert len(gradable["ar"]) == len(quizzes["ar"]) - 1
    assert [(note.path.rpartition("/")[2], note.line > 1, note.code) for note in report.skipped] == [
        ("ar.json", True, "quiz-answer")
    ]
    lessons = [f for f in own if re.search(r"/lessons/[^/]+/README\.md$", f.as_posix())]
    assert len(lessons) == 24
    translated = Asset.objects.filter(key__contains="/translations/", kind="guide").exclude(translation_of=None)
    assert Counter(translated.values_list("locale", flat=True)) == {"ar": 10, "fr": 10}
    images = sum(len(re.findall(r"!\[[^\]]*\]\(", f.read_text())) for f in files)
    outside = sum(len(re.findall(r"!\[[^\]]*\]\(http", f.read_text())) for f in files)
    assert images == 477
    assert report.remark_counts()["image-absent"] == images - outside


def test_lesson_and_quiz_are_joined_by_number(data: Path) -> None:
    bring_in(data, "iot-for-beginners")
    lesson = Version.objects.get(asset__key="iot-for-beginners/1-getting-started/lessons/1-introduction-to-iot")
    linked = set(lesson.dependencies.filter(kind="link").values_list("target__key", flat=True))
    assert {"iot-for-beginners/quizzes/01", "iot-for-beginners/quizzes/02"} <= linked
    quiz = Version.objects.get(asset__key="iot-for-beginners/quizzes/01")
    assert quiz.dependencies.get().target_id == lesson.asset_id
    joined = Asset.objects.filter(kind="practice", translation_of=None).annotate(uses=Count("used_in"))
    assert not joined.filter(uses=0).exists()
    first = quiz.checks.order_by("position").first()
    assert first is not None
    assert [c["text"] for c in first.data["choices"] if c["right"]] == ["Internet"]


def test_the_handbook(data: Path, raw: Path) -> None:
    report = bring_in(data, "18f-handbook")
    content = next((raw / "18f-handbook").rglob("content"))
    texts = [f.read_text(encoding="utf-8") for f in markdown_files(content / "pages")]
    former = [
        line for text in texts for block in re.findall(r"^redirect_from:\n((?:[ \t]*-[ \t].*\n)+)", text, re.MULTILINE)
        for line in re.findall(r"-[ \t]+(\S+)", block)
    ]  # fmt: skip

    assert len(texts) == 246
    assert Asset.objects.count() == len(texts)
    assert Outcome.objects.count() == Check.objects.count() == 0
    assert sum(bool(re.search(r"^redirect_from:", text, re.MULTILINE)) for text in texts) == 168
    normal = {address.strip("/\"'").lower().removesuffix(".html") for address in former}
    assert set(AssetAlias.objects.values_list("key", flat=True)) == normal
    tags = sum(len(re.findall(r"\{%.*?%\}|\{\{.*?\}\}", text, re.DOTALL)) for text in texts)
    assert report.remark_counts()["template-tag"] == tags
    assert not report.skipped


@pytest.mark.parametrize("bundle", FORMS)
def test_history_is_replayed_and_a_second_run_changes_nothing(bundle: str, data: Path, raw: Path) -> None:
    report = bring_in(data, bundle, history=True)
    revisions = list(read_revisions(raw / bundle))
    unread = [note for note in report.skipped if note.code == "revision"]
    known = {(parse_datetime(r["date"]), r["author"], r["subject"][:300]) for r in revisions}
    rows = Version.objects.exclude(author_name="").values_list("created_at", "author_name", "message")
    assert set(rows) <= known
    # Revisions that change nothing that is imported make no version; those that cannot be read are named.
    assert len(rows) + len(unread) <= len(revisions)
    assert len(rows) >= 0.9 * (len(revisions) - len(unread))
    assert len(unread) <= 0.05 * len(revisions)

    before = Version.objects.count()
    again = bring_in(data, bundle, history=True)
    assert Version.objects.count() == before
    assert (again.stored.made, again.stored.updated, again.stored.versions) == ([], [], 0)
    assert len(again.stored.unchanged) == Asset.objects.count()


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_all_three_go_out_come_in_and_go_out_the_same(data: Path, tmp_path: Path) -> None:
    with transaction.atomic():
        for bundle in FORMS:
            bring_in(data, bundle, history=True)
        first = export_content(target=tmp_path / "first", history=True)
        assert first.assets == Asset.objects.count()
        assert first.versions == Version.objects.count()
        transaction.set_rollback(True)
    assert not Asset.objects.exists()
    report = import_content(path=tmp_path / "first", form="learningops", history=True)
    assert not report.skipped
    assert len(report.stored.made) == first.assets
    export_content(target=tmp_path / "second", history=True)
    assert _bytes(tmp_path / "first") == _bytes(tmp_path / "second")
