"""Many texts as one long string: a million of them are searched and put into order at C speed."""

from __future__ import annotations

from collections.abc import Sequence

# Characters that hardly ever stand in a cell; one of them is put between the texts.
_MARKS = ("\0", "\x1e", "\x1f", "\ue000")
# With fewer hits than one text in so many they are looked up one by one.
_FEW = 64


def joined(texts: Sequence[str]) -> tuple[str, str] | None:
    """(all texts with a mark between them, the mark); None when every mark stands in some text, or there are none."""
    for mark in _MARKS:
        together = mark.join(texts)
        if texts and together.count(mark) == len(texts) - 1:
            return together, mark
    return None


def holders(texts: Sequence[str], wanted: str, *, case: bool = False, whole: bool = False) -> list[int]:
    """Indexes of the texts in which another one stands, ascending.

    Args:
        texts: where to look.
        wanted: what for; "" is found nowhere.
        case: whether upper and lower case are different.
        whole: whether it must be all of the text.
    """
    if not wanted or not texts:
        return []
    if not case:
        wanted = wanted.casefold()
    found = joined(texts)
    if found is None or found[1] in wanted:
        each = texts if case else [text.casefold() for text in texts]
        return [at for at, text in enumerate(each) if (text == wanted if whole else wanted in text)]
    together, mark = found
    if not case:
        together = together.casefold()
    if whole:
        # The mark that ends one text begins the next.
        together, wanted = f"{mark}{together}{mark}", f"{mark}{wanted}{mark}"
    hits = together.count(wanted)
    if hits * _FEW > len(texts):
        each = together.split(mark)
        bare = wanted.strip(mark)
        return [at for at, text in enumerate(each[1:-1]) if text == bare] if whole else _in_each(each, wanted)
    return _looked_up(together, mark, wanted, overlap=int(whole)) if hits else []


def _in_each(texts: Sequence[str], wanted: str) -> list[int]:
    return [at for at, text in enumerate(texts) if wanted in text]


def _looked_up(together: str, mark: str, wanted: str, *, overlap: int) -> list[int]:
    found: list[int] = []
    index = counted = 0
    at = together.find(wanted)
    while at >= 0:
        index += together.count(mark, counted, at)
        found.append(index)
        counted = at
        after = at + len(wanted) - overlap
        if not overlap:
            # The rest of this text does not count a second time.
            counted = after = together.find(mark, after)
            if after < 0:
                break
        at = together.find(wanted, after)
    return found
