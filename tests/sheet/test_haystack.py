"""Searching many texts as one long string finds what looking at each text finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.sheet.haystack import holders

TEXTS = st.lists(st.text(st.sampled_from("aAbß\0\x1e\n "), max_size=4), max_size=200)


@given(texts=TEXTS, wanted=st.text(st.sampled_from("aAbsß\0 "), max_size=3), case=st.booleans(), whole=st.booleans())
def test_as_one_by_one(texts: list[str], wanted: str, case: bool, whole: bool) -> None:
    fold = (lambda text: text) if case else str.casefold
    expected = [
        at
        for at, text in enumerate(texts)
        if wanted and (fold(text) == fold(wanted) if whole else fold(wanted) in fold(text))
    ]
    assert holders(texts, wanted, case=case, whole=whole) == expected


@given(wanted=st.text(st.sampled_from("ab"), min_size=1, max_size=2), many=st.integers(100, 300), whole=st.booleans())
def test_few_among_many(wanted: str, many: int, whole: bool) -> None:
    texts = ["x"] * many + [wanted, f"{wanted}{wanted}", wanted] + ["y"] * many + [wanted]
    found = holders(texts, wanted, whole=whole)
    assert found == [at for at, text in enumerate(texts) if (text == wanted if whole else wanted in text)]
