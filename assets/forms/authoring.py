"""Forms of the authoring screen: the text with its front matter, a new check, a new asset."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.text import slugify
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from assets.content import Document, Item, is_asset_key, is_check_key, match_newlines
from assets.gates.candidate import parsed
from assets.models import Asset, Collection
from assets.queries.library import outcome_choices

CHOICES_SHOWN = 4
_EDITOR = forms.Textarea(attrs={"class": "ed-text", "spellcheck": "true", "id": "body", "rows": 24, "wrap": "soft"})


class AuthoringForm(forms.Form):
    """The working copy as the screen shows it. `source` puts the parts together to one file again.

    Only what differs from the text the page started from is changed, so that every other byte stays as it was.
    """

    base = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    edit = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    summary = forms.CharField(label=_("Summary"), max_length=500, required=False)
    body = forms.CharField(label=_("Body"), required=False, strip=False, widget=_EDITOR)
    front = forms.CharField(
        label=_("Front matter"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip
    items = forms.CharField(
        label=_("Items"), required=False, strip=False, help_text=_("One key a line, in order. key@3 pins version 3."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
    )  # fmt: skip
    add_outcome = forms.CharField(
        label=_("Add an outcome"), required=False, widget=forms.TextInput(attrs={"list": "outcome-choices"})
    )
    review_by = forms.DateField(
        label=_("Review by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    message = forms.CharField(label=_("What changed"), max_length=300, required=False)
    raise_to_material = forms.BooleanField(label=_("Ask for evidence again"), required=False)

    def __init__(self, data: MultiValueDict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.outcomes: list[str] = data.getlist("outcomes") if data else []

    @staticmethod
    def initial_of(source: str, edit: int, asset: Asset) -> dict[str, Any]:
        """What the fields show for a text."""
        document = parsed(source)
        meta = document.meta
        return {
            "base": source, "edit": edit, "title": meta.title, "summary": meta.summary, "body": document.body,
            "front": document.front.yaml, "items": items_text(meta.items), "review_by": asset.review_by,
        }  # fmt: skip

    def clean_items(self) -> tuple[Item, ...]:
        """The lines as items. Raises ValidationError that names each line that is none."""
        found: list[Item] = []
        problems: list[str] = []
        for number, line in enumerate(self.cleaned_data["items"].splitlines(), 1):
            key, _at, pinned = line.strip().partition("@")
            if not key:
                continue
            if is_asset_key(key) and (not pinned or pinned.isdecimal()):
                found.append(Item(key, int(pinned) if pinned else None))
            else:
                said = __(
                    "Line %(line)d: “%(text)s” is not the key of an asset. Write refunds/decline or refunds/decline@3."
                )
                problems.append(said % {"line": number, "text": line.strip()[:80]})
        if problems:
            raise ValidationError(problems)
        return tuple(found)

    def clean_add_outcome(self) -> str:
        """The key of the outcome that was named by its key or its words."""
        wanted = " ".join(self.cleaned_data["add_outcome"].split())
        if not wanted:
            return ""
        for key, statement in outcome_choices():
            if wanted == key or wanted.casefold() == statement.casefold():
                return key
        said = __("There is no outcome “%(said)s”. Choose one from the list, or make it in its framework first.")
        raise ValidationError(said % {"said": wanted[:120]})

    def source(self, started_from: str) -> str:
        """The whole file. `started_from` is the text the page was made from, whose bytes stay where nothing changed."""
        base = parsed(started_from)
        data = self.cleaned_data
        document = self._with_front(base, data["front"])
        body = match_newlines(data["body"], started_from)
        if body != match_newlines(base.body, started_from):
            document = document.with_body(body)
        readable = not any(p.code.startswith("front.") and p.code not in _MISSING for p in document.front.problems)
        changes = self._changes(base, document) if readable else {}
        return (document.with_meta(**changes) if changes else document).source

    def _with_front(self, base: Document, front: str) -> Document:
        old = base.front
        new = match_newlines(front, base.source)
        if new == match_newlines(old.yaml, base.source):
            return base
        if new and not new.endswith(("\n", "\r")):
            new += "\n"
        opening, closing = (old.opening, old.closing) if old.closing else (old.opening + "---\n", "---\n")
        return parsed(opening + new + closing + base.body)

    def _changes(self, base: Document, document: Document) -> dict[str, Any]:
        """The fields of the front matter that were changed on the screen, against what the page showed."""
        data = self.cleaned_data
        outcomes = tuple(dict.fromkeys([*self.outcomes, *filter(None, [data["add_outcome"]])]))
        said = {"title": data["title"], "summary": data["summary"], "outcomes": outcomes, "items": data["items"]}
        if not base.meta.items and not data["items"]:
            del said["items"]
        changed = {name: value for name, value in said.items() if value != getattr(base.meta, name)}
        return {name: value for name, value in changed.items() if value != getattr(document.meta, name)}


# A front matter that only lacks these can be written to.
_MISSING = frozenset({"front.title", "front.key", "front.missing"})


def items_text(items: tuple[Item, ...]) -> str:
    """The items of a pathway as lines."""
    return "\n".join(str(item) for item in items)


class CheckBlockForm(forms.Form):
    """A check, asked for field by field, as a block of the content format."""

    use_required_attribute = False  # its fields stand in the form of the whole screen, whose other buttons need none

    TYPES = (
        ("single", _("One right choice")),
        ("multiple", _("Several right choices")),
        ("true-false", _("True or false")),
        ("numeric", _("A number")),
        ("short", _("A few words")),
    )
    check_type = forms.ChoiceField(label=_("Type"), choices=TYPES)
    check_key = forms.CharField(
        label=_("Key"),
        max_length=80,
        required=False,
        help_text=_("Stays when you reword it. Left empty, it is made up."),
    )
    check_prompt = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, data: Mapping[str, Any] | None = None, *, taken: frozenset[str] = frozenset()) -> None:
        super().__init__(data)
        self.taken = taken
        self.rows: list[int] = list(range(1, CHOICES_SHOWN + 1))
        for n in self.rows:
            self.fields[f"answer_{n}"] = forms.CharField(label=_("Answer"), required=False, max_length=500)
            self.fields[f"feedback_{n}"] = forms.CharField(label=_("Feedback"), required=False, max_length=500)
            self.fields[f"right_{n}"] = forms.BooleanField(label=_("Right"), required=False)

    @property
    def answer_rows(self) -> list[tuple[Any, Any, Any]]:
        """(answer, feedback, right) as bound fields, for the template."""
        return [(self[f"answer_{n}"], self[f"feedback_{n}"], self[f"right_{n}"]) for n in self.rows]

    def clean_check_key(self) -> str:
        key = str(self.cleaned_data["check_key"])
        if key and not is_check_key(key):
            raise ValidationError(_("Use small letters, digits and hyphens, for example partial-limit."))
        if key in self.taken:
            raise ValidationError(_("Another check of this text has that key."))
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        answers = [cleaned.get(f"answer_{n}") for n in self.rows]
        if cleaned.get("check_type") == "true-false" and not any(answers):
            cleaned |= {"answer_1": str(__("True")), "answer_2": str(__("False"))}
            answers = [cleaned["answer_1"], cleaned["answer_2"]]
        if not any(answers):
            self.add_error("answer_1", _("Give at least one answer."))
        elif not any(cleaned.get(f"right_{n}") and cleaned.get(f"answer_{n}") for n in self.rows):
            self.add_error("right_1", _("Mark the answer that is right."))
        return cleaned

    def block(self) -> str:
        """The check as text, `::: check …` to `:::`, with a final line end."""
        data = self.cleaned_data
        prompt = "\n".join(line.strip() for line in data["check_prompt"].strip().splitlines())
        lines = [f"::: check {data['check_type']} {data['check_key'] or self._made_up(prompt)}", prompt]
        for n in self.rows:
            answer = " ".join(data[f"answer_{n}"].split())
            feedback = " ".join(data[f"feedback_{n}"].split())
            if answer:
                mark = "x" if data[f"right_{n}"] else " "
                lines.append(f"- [{mark}] {answer}" + (f" — {feedback}" if feedback else ""))
        return "\n".join([*lines, ":::", ""])

    def _made_up(self, prompt: str) -> str:
        stem = slugify(prompt)[:40].strip("-").replace("_", "-") or "check"
        key, number = stem, 2
        while key in self.taken:
            key, number = f"{stem}-{number}", number + 1
        return key


class NewAssetForm(forms.Form):
    """What an asset needs to begin: a title, a kind, a home and a key, which is suggested from the others."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("A verb and its object: what people can do afterwards.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Asset.Kind.choices)
    collection = forms.ModelChoiceField(label=_("Collection"), queryset=Collection.objects.none(), empty_label=None)
    key = forms.CharField(
        label=_("Key"), max_length=200, required=False,
        help_text=_("Its address for good, for example refunds/partial-refund. Left empty, it is made from the title."),
    )  # fmt: skip

    def __init__(self, *args: Any, collections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["collection"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = collections

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("key") and cleaned.get("title") and cleaned.get("collection"):
            cleaned["key"] = f"{cleaned['collection'].key}/{slugify(cleaned['title'])[:80].strip('-') or 'asset'}"
        return cleaned
