"""Rows on their way from the child: as columns over the pipe, as rows for whoever looks at them."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.spreadsheet.frames import Frame, block, packed, read_frames, write_frame
from ochp_desktop.spreadsheet.rawtable import Rows

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8) | st.sampled_from(["", "\x1f", "\x1f\x1f", "a"])


@given(st.lists(st.lists(TEXTS, max_size=4), min_size=1, max_size=6))
def test_rows_arrive_as_they_were_sent(rows: list[list[str]]) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, Frame("R", block(rows)))
    pipe.seek(0)
    (frame,) = read_frames(pipe)
    arrived = Rows()
    arrived.append(*frame.content)
    width = max(map(len, rows))
    assert list(arrived) == [[*row, *[""] * (width - len(row))] for row in rows]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0" * 7,
        struct.pack(">II", 2, 1) + struct.pack(">cI", b"J", 1) + b"x",  # one text for two rows
        struct.pack(">II", 1, 1) + struct.pack(">cI", b"J", 9) + b"x",  # cut off
        struct.pack(">II", 1, 1) + struct.pack(">cI", b"L", 3) + b"[1]",  # no text
        struct.pack(">II", 1, 1) + struct.pack(">cI", b"L", 3) + b'"x"',  # no list
        struct.pack(">II", 1, 1) + struct.pack(">cI", b"L", 1) + b"1",  # no list
        struct.pack(">II", 1, 1) + struct.pack(">cI", b"S", 1) + b"\xff",  # no text
        struct.pack(">II", 1, 0) + b"more",
        struct.pack(">II", 5_000_000, 0),
        struct.pack(">II", 1, 16_385),
    ],
)
def test_a_block_that_no_honest_child_sends_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that it is refused is what counts
        list(read_frames(io.BytesIO(struct.pack(">cI", b"R", len(body)) + body)))


def test_what_is_no_text_is_not_packed_as_one() -> None:
    for values in ([1, 1], ["1", 1], [1, "1"], [None], ["a", "b", 0.5]):
        with pytest.raises(TypeError):
            packed(values)


def test_rows_may_grow_in_both_directions() -> None:
    rows = Rows([["a"]])
    rows.append(1, [["b"], ["c"]])
    rows.append(2, [])
    rows.put(5, 3, "d")
    assert rows == [
        ["a", "", "", ""],
        ["b", "c", "", ""],
        ["", "", "", ""],
        ["", "", "", ""],
        ["", "", "", ""],
        ["", "", "", "d"],
    ]
    assert rows.blank() == [2, 3, 4]
    rows.finish(2)
    assert rows[:2] == [["a", ""], ["b", "c"]]
    assert (rows[-1], len(rows), rows[9:]) == (["", ""], 6, [])
    with pytest.raises(IndexError):
        rows[6]
