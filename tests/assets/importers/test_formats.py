"""Each format read from our own fixtures: what becomes of a page, and what is said about it. No database."""

from pathlib import Path

from assets.content import parse
from assets.importers.archive import open_folder
from assets.importers.plan import Plan, make_plan
from assets.importers.run import FORMATS

FIXTURES = Path(__file__).parent / "fixtures"


def plan_of(form: str, path: Path | None = None, collection: str = "") -> Plan:
    folder = open_folder(path or FIXTURES / form)
    shelves = FORMATS[form].find_shelves(folder, collection)
    return make_plan(folder, shelves, history=False, collection=collection, progress=lambda items, _what, _n: items)


def sources(plan: Plan) -> dict[str, str]:
    return {planned.asset.key: planned.asset.document.source for planned in plan.assets}


def test_everything_reads_back_as_it_was_written() -> None:
    for form in FORMATS:
        for source in sources(plan_of(form)).values():
            assert parse(source).source == source


def test_a_lesson_of_the_workbench() -> None:
    plan = plan_of("workbench")
    found = sources(plan)
    assert list(found) == [
        "workbench/episodes/01-food", "workbench/episodes/02-water", "workbench", "workbench/learners/setup",
    ]  # fmt: skip
    assert {o.key: o.statement for o in plan.outcomes.values()} == {
        "workbench.measure-out-a-portion-of-food": "Measure out a portion of food",
        "workbench.clean-the-bowl-after-every-meal": "Clean the bowl after every meal",
        "workbench.fill-the-bowl": "Fill the bowl",
    }
    food = parse(found["workbench/episodes/01-food"])
    assert food.meta.outcomes == tuple(plan.outcomes)[:2]
    assert (food.meta.licence, food.meta.source) == ("CC0 1.0", "example.org/cats/workbench")
    assert "[about water](02-water.md#bowl)" in food.body
    assert "[set up](../learners/setup.md)" in food.body
    assert '![A blue bowl, half full](fig/bowl.png "The bowl")' in food.body
    assert "::: note Questions\n" in food.body
    assert "::: note Mind the fish\n" in food.body
    assert "::: spoiler Which fish?\n" in food.body
    assert "::: tip Key points\n" in food.body
    assert "objectives" not in food.body
    lesson = parse(found["workbench"]).meta
    assert (lesson.kind, lesson.title) == ("pathway", "Feeding the Office Cat")
    assert [item.key for item in lesson.items] == ["workbench/episodes/02-water", "workbench/episodes/01-food"]
    assert "\r" not in found["workbench/episodes/02-water"]


def test_a_challenge_is_a_check_when_its_solution_is_clear_and_practice_otherwise() -> None:
    plan = plan_of("workbench")
    food = parse(sources(plan)["workbench/episodes/01-food"])
    (check,) = food.checks
    assert (check.key, check.type) == ("how-much", "single")
    assert [(choice.text, choice.right) for choice in check.choices] == [
        ("(1) `5 grams`", False), ("(2) `50 grams`", True), ("(3) Both 1 and 2", False),
    ]  # fmt: skip
    assert check.right == "The correct answer is 2. A cat of 4 kg eats about 50 grams."
    assert "The correct answer" not in food.text
    assert "::: note Challenge: Talk about it\n" in food.body
    assert "::: solution\n" in food.body
    notes = {note.code: str(note) for note in plan.notes}
    assert notes["challenge-practice"].startswith("content/episodes/01-food.md:63: The challenge “Talk about it”")
    assert "fig/bowl.png is not in the bundle" in notes["image-absent"]


def test_a_curriculum_for_beginners() -> None:
    plan = plan_of("beginners")
    found = {key: parse(source) for key, source in sources(plan).items()}
    assert sorted(found) == [
        "beginners/1-basics/lessons/1-hello",
        "beginners/1-basics/lessons/1-hello/assignment",
        "beginners/1-basics/lessons/1-hello/wave-left",
        "beginners/quizzes/01",
        "beginners/translations/fr/1-basics/lessons/1-hello",
    ]
    lesson = found["beginners/1-basics/lessons/1-hello"]
    assert (lesson.meta.title, lesson.meta.tags) == ("Say hello", ("lesson",))
    assert "[Pre-lecture quiz](../../quizzes/01.md)" in lesson.body
    assert "[assignment](1-hello/assignment.md)" in lesson.body
    assert "[Post-lecture quiz](https://quiz.example.org/quiz/2)" in lesson.body  # that quiz could not be read
    assert "# Say hello" not in lesson.body
    assert "[the lesson](../1-hello.md)" in found["beginners/1-basics/lessons/1-hello/assignment"].body
    french = found["beginners/translations/fr/1-basics/lessons/1-hello"].meta
    assert (french.title, french.locale) == ("Dire bonjour", "fr")
    assert french.translation_of == "beginners/1-basics/lessons/1-hello"
    (skipped,) = plan.skipped
    said = "The question “Nobody is right here” has no right answer. The quiz 2 was left out. Correct it in the file"
    assert str(skipped).startswith(f"quiz-app/src/assets/translations/en.json:27: {said}")


def test_a_quiz_is_a_practice_asset_tied_to_its_lesson() -> None:
    quiz = parse(sources(plan_of("beginners"))["beginners/quizzes/01"])
    assert quiz.meta.kind == "practice"
    assert "[Say hello](../1-basics/lessons/1-hello.md)" in quiz.body
    first, second = quiz.checks
    assert (first.type, second.type) == ("true-false", "single")
    assert [choice.right for choice in first.choices] == [True, False]
    assert [choice.feedback for choice in second.choices] == ["", "", ""]
    assert second.choices[0].right
    assert not [problem for check in quiz.checks for problem in check.problems()]


def test_pages_with_and_without_front_matter() -> None:
    plan = plan_of("markdown")
    found = {key: parse(source) for key, source in sources(plan).items()}
    assert sorted(found) == ["markdown/pages/tools/desk", "markdown/pages/tools/mail", "markdown/pages/tools/phone"]
    phone = found["markdown/pages/tools/phone"]
    assert phone.meta.aliases == ("phone", "old/telephone")
    assert phone.meta.tags == ("call", "ring")
    assert phone.meta.extra == {"questions": ["telephony"], "outdated": True}
    assert '{% page "/tools/desk" %}' in phone.body
    assert "[the desk](desk.md#top), and [mail](mail.md)" in phone.body
    assert "`[code](mail.md)`" in phone.body
    assert found["markdown/pages/tools/mail"].meta.title == "Mail & more"
    assert found["markdown/pages/tools/desk"].meta.title == "desk"
    tags = [str(note) for note in plan.notes if note.code == "template-tag"]
    assert len(tags) == 2
    assert tags[1].startswith('pages/tools/phone.md:11: The template tag {% page "/tools/desk" %} is kept as text.')
