"""The portal through HTTP: what one opens, answers, sees earned, and never sees."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from assets.models import Asset, AssetAlias, ReviewFlag, Suggestion
from telemetry.queries.evidence import answers_in
from tests.delivery.library import REFUNDS, SECRET, collection, guide, make_asset, outcome, save, ship
from tests.factories import SmallHouse, small_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> SmallHouse:
    return small_house()


@pytest.fixture
def bo(house: SmallHouse) -> Client:
    client = Client()
    client.force_login(house.bo)
    return client


@pytest.fixture
def asset(house: SmallHouse) -> Asset:
    made = make_asset(house.ada)
    ship(house.ada, save(house.ada, made))
    return made


def choices_of(page: str) -> dict[str, str]:
    """Text of a choice → its id, from the form as a learner gets it."""
    found = re.findall(r'name="choice" value="([0-9a-f]+)"[^>]*>(?:<svg.*?</svg>)?<span>([^<]+)', page)
    return {text.strip(): key for key, text in found}


def answer(client: Client, page: str, text: str, **more: str) -> Any:
    return client.post("/a/refunds/partial/checks/limit/", {"choice": choices_of(page)[text], **more}, follow=True)


def test_signed_out_people_are_sent_to_sign_in(asset: Asset) -> None:
    for path in ("/", "/a/refunds/partial/", "/search/?q=refund", "/paths/", "/a/refunds/partial/suggest/"):
        response = Client().get(path)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/login/")


def test_an_asset_page_shows_the_content_and_no_answer(bo: Client, asset: Asset) -> None:
    page = bo.get("/a/refunds/partial/").content.decode()
    assert "Know your limit" in page
    assert "What may you approve alone?" in page
    assert SECRET not in page


def test_closed_and_absent_look_the_same(bo: Client, house: SmallHouse) -> None:
    make_asset(house.ada, "refunds/hidden")
    hidden, absent = bo.get("/a/refunds/hidden/"), bo.get("/a/refunds/nothing/")
    assert hidden.status_code == absent.status_code == 404
    strip = re.compile(r"csrfmiddlewaretoken\" value=\"[^\"]+|/a/[a-z/]+")
    assert strip.sub("", hidden.content.decode()) == strip.sub("", absent.content.decode())


def test_a_former_key_leads_to_the_asset(bo: Client, asset: Asset) -> None:
    AssetAlias.objects.create(key="old/refund", asset=asset)
    response = bo.get("/a/old/refund/")
    assert (response.status_code, response["Location"]) == (301, "/a/refunds/partial/")


def test_wrong_then_right_by_plain_forms(bo: Client, asset: Asset, house: SmallHouse) -> None:
    page = bo.get("/a/refunds/partial/").content.decode()
    wrong = answer(bo, page, "Any amount").content.decode()
    assert "Not this one" in wrong
    assert f"Wrong, {SECRET} three" in wrong  # feedback on what was chosen
    assert f"{SECRET} two" not in wrong
    assert f"{SECRET} one" not in wrong
    right = answer(bo, page, "£150").content.decode()
    assert f"Right, {SECRET} two" in right
    evidence = next(iter(answers_in(house.bo.pk, asset.versions.get().pk).values()))
    assert (evidence.tries, evidence.right_tries, evidence.first_right, evidence.last_right) == (2, 1, False, True)


def test_the_answer_is_shown_after_two_tries_and_not_before(bo: Client, asset: Asset, house: SmallHouse) -> None:
    page = bo.get("/a/refunds/partial/").content.decode()
    early = bo.post("/a/refunds/partial/checks/limit/", {"show": "1"}, follow=True).content.decode()
    assert "Try twice first" in early
    answer(bo, page, "Any amount")
    answer(bo, page, "Nothing")
    shown = bo.post("/a/refunds/partial/checks/limit/", {"show": "1"}, follow=True).content.decode()
    assert f"{SECRET} two" in shown
    evidence = next(iter(answers_in(house.bo.pk, asset.versions.get().pk).values()))
    assert evidence.right_tries == 0


def test_htmx_gets_the_check_alone(bo: Client, asset: Asset) -> None:
    page = bo.get("/a/refunds/partial/").content.decode()
    response = bo.post(
        "/a/refunds/partial/checks/limit/", {"choice": choices_of(page)["Nothing"]}, headers={"HX-Request": "true"}
    )
    body = response.content.decode()
    assert body.lstrip().startswith('<form class="check" id="check-limit"')
    assert f"{SECRET} one" in body


@pytest.mark.parametrize("data", [{}, {"choice": "nonsense"}, {"choice": ""}])
def test_a_response_that_is_none_records_nothing(bo: Client, asset: Asset, house: SmallHouse, data: Any) -> None:
    page = bo.post("/a/refunds/partial/checks/limit/", data, follow=True)
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not answers_in(house.bo.pk, asset.versions.get().pk)


def test_an_unknown_check_is_not_found(bo: Client, asset: Asset) -> None:
    assert bo.post("/a/refunds/partial/checks/other/", {"choice": "x"}).status_code == 404


ALL_TYPES = """
::: check multiple many
Which are colours?
- [x] Red
- [x] Blue
- [ ] Ten
:::

::: check true-false tf
Water is wet.
- [x] True
- [ ] False
:::

::: check numeric number
How many lamps are three?
- [x] 3
:::

::: check short word
What do you call a refund of a part?
- [x] partial
:::

::: check ordering order
Order them.
1. First
2. Second
3. Third
:::

::: check matching pairs
Match them.
- cat => meow
- dog => woof
:::

::: check cloze gaps
A refund is tied to a [[line]].
:::
"""


def test_every_type_of_check_can_be_answered_without_script(bo: Client, house: SmallHouse) -> None:
    made = make_asset(house.ada, "refunds/types", guide("refunds/types", extra=ALL_TYPES))
    ship(house.ada, save(house.ada, made))
    page = bo.get("/a/refunds/types/").content.decode()
    ids = choices_of(page)
    options = dict(re.findall(r'<option value="([0-9a-f]+)">([^<]+)</option>', page))
    by_text = {text: key for key, text in options.items()}
    lefts = re.findall(r'<label for="pairs-pair-([0-9a-f]+)">(\w+)</label>', page)
    sounds = {"cat": "meow", "dog": "woof"}
    responses: dict[str, dict[str, Any]] = {
        "many": {"choice": [ids["Red"], ids["Blue"]]},
        "tf": {"choice": ids["True"]},
        "number": {"number": "3"},
        "word": {"text": "Partial"},
        "order": {f"order-{n}": by_text[text] for n, text in enumerate(("First", "Second", "Third"))},
        "pairs": {f"pair-{key}": by_text[sounds[name]] for key, name in lefts},
        "gaps": {"gap-0": "line"},
    }
    for key, data in responses.items():
        after = bo.post(f"/a/refunds/types/checks/{key}/", data, follow=True).content.decode()
        form = after[after.index(f'id="check-{key}"') :]
        assert "Right" in form[: form.index("</form>")], key


def test_search_holds_only_what_is_open(bo: Client, house: SmallHouse, asset: Asset) -> None:
    other = make_asset(house.ada, "sales/secret", guide("sales/secret"))
    ship(house.ada, save(house.ada, other), {"team": "sales"})
    page = bo.get("/search/", {"q": "partial refund"}).content.decode()
    assert "/a/refunds/partial/" in page
    assert "sales/secret" not in page
    assert "Nothing found" in bo.get("/search/", {"q": "zebra"}).content.decode()


def test_search_escapes_what_was_typed(bo: Client, asset: Asset) -> None:
    page = bo.get("/search/", {"q": '<script>alert("x")</script> partial'}).content.decode()
    assert "<script>alert" not in page


def test_search_finds_no_right_answers(bo: Client, asset: Asset) -> None:
    assert "Nothing found" in bo.get("/search/", {"q": SECRET}).content.decode()


def test_today_names_what_is_for_me_and_why(bo: Client, house: SmallHouse) -> None:
    made = make_asset(house.ada)
    ship(house.ada, save(house.ada, made), REFUNDS)
    page = bo.get("/").content.decode()
    assert "Issue a partial refund" in page
    assert "Because it is for" in page
    assert "Refunds" in page


def test_today_shows_what_changed_since(bo: Client, house: SmallHouse, asset: Asset) -> None:
    bo.get("/a/refunds/partial/")
    ship(house.ada, save(house.ada, asset, guide("refunds/partial", limit=200)))
    page = bo.get("/").content.decode()
    assert "Changed since you last saw it" in page
    assert "<ins>" in page
    assert SECRET not in page
    compared = bo.get("/a/refunds/partial/changes/").content.decode()
    assert "<del>" in compared
    assert SECRET not in compared


def test_today_costs_the_same_with_three_and_with_thirty(
    bo: Client, house: SmallHouse, django_assert_max_num_queries: Any
) -> None:
    def add(first: int, last: int) -> None:
        for n in range(first, last):
            ship(house.ada, save(house.ada, make_asset(house.ada, f"refunds/n{n}", guide(f"refunds/n{n}"))))

    add(0, 3)
    bo.get("/")
    with django_assert_max_num_queries(40) as few:
        bo.get("/")
    asked = len(few)
    add(3, 30)
    bo.get("/")
    with django_assert_max_num_queries(asked):
        bo.get("/")


def test_a_pathway_hides_what_is_closed_and_counts_without_it(bo: Client, house: SmallHouse, asset: Asset) -> None:
    closed = make_asset(house.ada, "refunds/closed", guide("refunds/closed"))
    ship(house.ada, save(house.ada, closed), {"team": "sales"})
    source = (
        "---\nkey: first-month\ntitle: First month\nkind: pathway\noutcomes: [refunds.issue-partial]\n"
        "items: [refunds/partial, refunds/closed]\n---\n## Begin here\n\nWork through it in your first month.\n"
    )
    outcome()
    collection()
    path = make_asset(house.ada, "first-month", source, kind="pathway")
    ship(house.ada, save(house.ada, path))
    page = bo.get("/paths/first-month/").content.decode()
    assert "1 step" in page
    assert "0 of 1 done" in page
    answer(bo, bo.get("/a/refunds/partial/").content.decode(), "£150")
    assert "1 of 1 done" in bo.get("/paths/first-month/").content.decode()
    assert bo.get("/a/first-month/").status_code == 302
    assert "First month" in bo.get("/paths/").content.decode()


def test_useful_and_flag(bo: Client, asset: Asset, house: SmallHouse) -> None:
    assert bo.post("/a/refunds/partial/useful/", {"useful": "yes"}).status_code == 302
    assert bo.post("/a/refunds/partial/flag/", {"kind": "unclear", "text": "Step 2"}).status_code == 302
    flag = ReviewFlag.objects.get()
    assert (flag.raised_by, flag.kind, flag.version.number) == (house.bo, "unclear", 1)
    refused = bo.post("/a/refunds/partial/flag/", {"kind": "boring"}, follow=True)
    assert 'role="alert"' in refused.content.decode()


def test_suggest_an_edit_where_the_collection_lets_learners(bo: Client, asset: Asset) -> None:
    assert bo.get("/a/refunds/partial/suggest/").status_code == 403
    shelf = collection()
    shelf.learners_may_suggest = True
    shelf.save()
    page = bo.get("/a/refunds/partial/suggest/")
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    text = page.context["form"]["text"].value().replace("A lead approves the rest.", "The lead on shift does the rest.")
    made = bo.post(
        "/a/refunds/partial/suggest/", {"title": "Say who", "reason": "Asked daily", "text": text, "redacted": "on"}
    )
    assert made.status_code == 302
    assert "The lead on shift" in Suggestion.objects.get().source
    assert SECRET in Suggestion.objects.get().source  # the answers went back in


def test_the_beacon_records_claims_once_and_counts_nothing(bo: Client, asset: Asset, house: SmallHouse) -> None:
    version = asset.versions.get()
    claim = {"id": str(uuid4()), "verb": "experienced", "version": version.pk, "seconds": 12}
    body = json.dumps({"claims": [claim]})
    for _again in range(2):
        assert bo.post("/beacon/", body, content_type="application/json").status_code == 204
    assert not answers_in(house.bo.pk, version.pk)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("not json", {}, 400),
        ('{"claims": 3}', {}, 400),
        ('{"claims": [{"id": "x"}]}', {}, 400),
        ('{"claims": []}', {"Origin": "https://elsewhere.example"}, 403),
        (json.dumps({"claims": ["x" * 70_000]}), {}, 413),
    ],
)
def test_bad_beacons(bo: Client, body: str, headers: dict[str, str], status: int) -> None:
    response = bo.post("/beacon/", body, content_type="application/json", headers=headers)
    assert response.status_code == status
    assert response.json()["detail"]


def test_a_beacon_of_nobody(asset: Asset) -> None:
    assert Client().post("/beacon/", '{"claims": []}', content_type="application/json").status_code == 401
