"""Which part of one text became which part of another: for diff and merge alike."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\w+")

# Above these many comparisons the exact methods give way to ones that stay linear. difflib looks at every pair of equal
# elements again for each match it finds: a table of 500 equal rows would take it seconds.
_EXACT_MATCHES = 100_000
_PAIR_CELLS = 4_000
_ALIKE = 0.4
_SAME_KEY = 10.0

Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Part:
    """A part to align: its text; its kind; and a key, when it has an identity that outlives its text."""

    text: str
    kind: str = ""
    key: str = ""


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """difflib's opcodes for two sequences, with equal ends cut off first and bounded work in between."""
    head, limit = 0, min(len(old), len(new))
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, a, b, autojunk=is_repetitive(a, b))
    middle = [(tag, i1 + head, i2 + head, j1 + head, j2 + head) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]
    start = [("equal", 0, head, 0, head)] if head else []
    end = [("equal", len(old) - tail, len(old), len(new) - tail, len(new))] if tail else []
    return start + middle + end


def is_repetitive(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether so many elements of `a` and `b` are equal that difflib needs its heuristic for frequent ones."""
    counts = Counter(b)
    return sum(count * counts[element] for element, count in Counter(a).items()) > _EXACT_MATCHES


def align(old: Sequence[Part], new: Sequence[Part]) -> list[Pair]:
    """Pair the parts of two texts in order: (i, j) the same or changed, (i, None) removed, (None, j) added.

    Every index of both sides comes once, and pairs never cross: what moved was removed and added.
    """
    pairs: list[Pair] = []
    for tag, i1, i2, j1, j2 in opcodes([part.text for part in old], [part.text for part in new]):
        if tag == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            pairs += _pair_region(old, new, range(i1, i2), range(j1, j2))
    return pairs


def _pair_region(old: Sequence[Part], new: Sequence[Part], olds: range, news: range) -> list[Pair]:
    """Pair what is alike in a replaced region, then list the rest around it, removed before added."""
    anchors = _anchors(old, new, olds, news)
    if not anchors and len(olds) == len(news) == 1 and _may_pair(old[olds[0]], new[news[0]]):
        anchors = [(olds[0], news[0])]
    pairs: list[Pair] = []
    i, j = olds.start, news.start
    for next_i, next_j in [*anchors, (olds.stop, news.stop)]:
        pairs += [(k, None) for k in range(i, next_i)]
        pairs += [(None, k) for k in range(j, next_j)]
        if next_i < olds.stop:
            pairs.append((next_i, next_j))
        i, j = next_i + 1, next_j + 1
    return pairs


def _may_pair(a: Part, b: Part) -> bool:
    return a.kind == b.kind and a.key == b.key


def _anchors(old: Sequence[Part], new: Sequence[Part], olds: range, news: range) -> list[tuple[int, int]]:
    """The crossing-free pairs with the highest sum of likeness (longest common subsequence with weights)."""
    if not olds or not news:
        return []
    if len(olds) * len(news) > _PAIR_CELLS:
        return [(i, j) for i, j in zip(olds, news, strict=False) if likeness(old[i], new[j]) >= _ALIKE]
    bags = {id(part): _bag(part) for part in [*(old[i] for i in olds), *(new[j] for j in news)]}
    weight = [[_weight(old[i], new[j], bags) for j in news] for i in olds]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i in range(len(olds) - 1, -1, -1):
        for j in range(len(news) - 1, -1, -1):
            paired = weight[i][j] + best[i + 1][j + 1] if weight[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return _walk(weight, best, olds, news)


def _walk(weight: list[list[float]], best: list[list[float]], olds: range, news: range) -> list[tuple[int, int]]:
    anchors: list[tuple[int, int]] = []
    i = j = 0
    while i < len(olds) and j < len(news):
        if weight[i][j] and best[i][j] == weight[i][j] + best[i + 1][j + 1]:
            anchors.append((olds[i], news[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return anchors


def _bag(part: Part) -> frozenset[str]:
    return frozenset(WORD.findall(part.text.casefold()))


def likeness(a: Part, b: Part) -> float:
    """How alike two parts are, 0..1: the Dice coefficient of their sets of words; 0 for different kinds or keys."""
    return _weight(a, b, {id(a): _bag(a), id(b): _bag(b)}, least=0.0) if a is not b else 1.0


def _weight(a: Part, b: Part, bags: dict[int, frozenset[str]], least: float = _ALIKE) -> float:
    if not _may_pair(a, b):
        return 0.0
    if a.key:
        return _SAME_KEY
    one, two = bags[id(a)], bags[id(b)]
    dice = 2 * len(one & two) / (len(one) + len(two)) if one or two else 0.0
    return dice if dice >= least else 0.0
