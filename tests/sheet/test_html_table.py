"""HTML on the clipboard becomes cells, whatever it looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.sheet.clipboard import format_columns
from ochp_desktop.sheet.html_table import format_html, parse_html


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></table>", [["a", "b"], ["c", ""]]),
        ("<TABLE><tr><th>a<td>b<tr><td>c</TABLE>", [["a", "b"], ["c"]]),
        ("<table><tr><td> x\n  y </td><td>1<br>2</td></tr></table>", [["x y", "1\n2"]]),
        ("<table><tr><td colspan=2>a</td><td>b</td></tr></table>", [["a", "", "b"]]),
        ("<table><tr><td rowspan='2'>a</td><td>b</td></tr><tr><td>c</td></tr></table>", [["a", "b"], ["", "c"]]),
        ("<table><tr><td>&lt;b&gt;&nbsp;&amp;&#x41;</td></tr></table>", [["<b> &A"]]),
        ("<table><tr><td>a<table><tr><td>inner</td></tr></table></td><td>b</td></tr></table>", [["ainner", "b"]]),
        ("<table><tr><td>one</td></tr></table><table><tr><td>two</td></tr></table>", [["one"]]),
        ("<style>td {}</style><p>NL-1</p><p>NL-2</p>", [["NL-1"], ["NL-2"]]),
        ("<b>plain</b> <i>text</i>", [["plain text"]]),
        ("<img src='x'>", []),
        ("", []),
        ("<table><tr><td", []),
        ("<table><tr><td>cut", [["cut"]]),
        ("<td colspan='999999999'>x", [["x"]]),
        (f"<td colspan='{'9' * 5000}'>x", [["x"]]),
    ],
)
def test_reads(text: str, block: list[list[str]]) -> None:
    assert parse_html(text) == block


@given(
    text=st.lists(
        st.sampled_from(["<table>", "</table>", "<tr>", "<td rowspan=9999 colspan=99>", "</td>", "<", "x", "&", "<!--"])
    ).map("".join)
)
def test_anything_gives_rows_of_texts(text: str) -> None:
    assert all(isinstance(cell, str) for row in parse_html(text) for cell in row)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Zs", "Cc", "Zl", "Zp"]), min_size=1),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
    )
)
def test_what_is_written_is_read_again_as_it_was(rows: list[list[str]]) -> None:
    assert parse_html(format_html([format_columns(list(zip(*rows, strict=True)))])) == rows


def test_lines_in_a_cell_stay_in_it() -> None:
    assert parse_html(format_html([format_columns([["a\nb\r\nc"], ["<b>&amp;"]])])) == [["a\nb\nc", "<b>&amp;"]]


_ODD = st.text(st.sampled_from("\"\n\rx<&'"), max_size=6)


@given(st.lists(st.lists(_ODD, min_size=3, max_size=3), min_size=1, max_size=5), st.integers(1, 5))
def test_cells_with_quotes_and_line_breaks_keep_their_places(rows: list[list[str]], height: int) -> None:
    pieces = [format_columns(list(zip(*rows[at : at + height], strict=True))) for at in range(0, len(rows), height)]
    wanted = [[cell.replace("\r\n", "\n").replace("\r", "\n").strip("\n") for cell in row] for row in rows]
    assert parse_html(format_html(pieces)) == wanted or not any(map(any, wanted))


def test_tabs_in_a_cell_make_no_further_cells() -> None:
    assert parse_html(format_html(['"a\t""b"\t"c"\n', "d\te\n", ""])) == [['a "b', "c"], ["d", "e"]]
    assert "a&#9;" in format_html(['"a\tb"\n'])


def test_a_block_of_one_empty_cell_is_one_cell() -> None:
    assert format_html([format_columns([[""]])]).count("<td") == 1
