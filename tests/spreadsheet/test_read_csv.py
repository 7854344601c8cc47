"""Text tables: encoding, delimiter and quotes are found, odd ones are read or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.csvfile import CsvForm, guarded, unguarded
from ochp_desktop.spreadsheet.read import read_table

MakeFile = Callable[[str, bytes | str], Path]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", "|"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", "\t"), ("utf-16-be", ","), ("cp1252", ";")],
)
def test_encoding_and_delimiter_are_found(make_file: MakeFile, encoding: str, delimiter: str) -> None:
    rows = [["Straße", "Café", "n"], ["Köln", "0042", "3"], ["Ort", "x y", "4"]]
    text = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    table = read_table(make_file("a.csv", text.encode(encoding)))
    assert table.rows == rows
    assert table.form == CsvForm(encoding, delimiter)
    assert table.notices[0].startswith("Read as text in ")


def test_decimal_commas_do_not_pass_for_delimiters(make_file: MakeFile) -> None:
    lines = ["id;kWh;place"] + [f"{number};{number},5;a, b" for number in range(20)]
    assert read_table(make_file("a.csv", "\n".join(lines))).rows[3] == ["2", "2,5", "a, b"]


def test_a_text_file_can_be_read_in_another_form(make_file: MakeFile) -> None:
    path = make_file("a.csv", b"a,b;c,d\n1,2;3,4\n")
    assert read_table(path, form=CsvForm("utf-8", ";")).rows == [["a,b", "c,d"], ["1,2", "3,4"]]
    assert read_table(path, form=CsvForm("utf-8", ",")).rows == [["a", "b;c", "d"], ["1", "2;3", "4"]]
    umlaut = make_file("b.csv", "ä;ö\n".encode("cp1252"))
    with pytest.raises(FileError, match="not written in UTF-8"):
        read_table(umlaut, form=CsvForm("utf-8", ";"))


def test_line_ends_quotes_and_gaps(make_file: MakeFile) -> None:
    for end in ("\n", "\r\n", "\r"):
        text = f'a;b;c{end}"1;""x""";"two{end}lines";3{end}{end}4;5{end}6{end}{end};;{end}'
        assert read_table(make_file("a.csv", text)).rows == [
            ["a", "b", "c"],
            ['1;"x"', f"two{end}lines", "3"],
            ["", "", ""],
            ["4", "5", ""],
            ["6", "", ""],
        ]


def test_excels_own_tricks(make_file: MakeFile) -> None:
    table = read_table(make_file("a.csv", 'sep=;\na;b\n="0042";\'0043\n"=""0044""";\'=1+1\n'))
    assert table.rows == [["", ""], ["a", "b"], ["0042", "'0043"], ["0044", "=1+1"]]
    assert '2 cells are written as ="..."; what they show was taken.' in table.notices


def test_control_characters_stay(make_file: MakeFile) -> None:
    text = "a;b\n" + "x;y\n" * 50 + "n\0ul;\x1f\n"
    assert read_table(make_file("a.txt", text)).rows[-1] == ["n\0ul", "\x1f"]


def test_one_column_is_a_table_too(make_file: MakeFile) -> None:
    assert read_table(make_file("a.txt", "UID\n04AB\n04AC")).rows == [["UID"], ["04AB"], ["04AC"]]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n'x',1\n'y',2\n'z',3", [["a", "b"], ["'x'", "1"], ["'y'", "2"], ["'z'", "3"]]),
        ("'a','b'\n'x','1'\n'y','2'", [["a", "b"], ["x", "1"], ["y", "2"]]),
        ("a,b\n'x, y',1\n'y, z',2", [["a", "b"], ["x, y", "1"], ["y, z", "2"]]),
    ],
)
def test_apostrophes_around_texts_are_quotes_only_where_quotes_are_needed(
    make_file: MakeFile, text: str, rows: list[list[str]]
) -> None:
    assert read_table(make_file("a.csv", text)).rows == rows


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('5;"00040000;x', ["5", '"00040000', "x"]),
        ('"5";"00040000;"x"', ["5", '"00040000', "x"]),
        ('5;x;"', ["5", "x", '"']),
    ],
)
@pytest.mark.parametrize("more", [1, 30_000, 300_000])
def test_a_quote_that_never_closes_swallows_no_rows(
    make_file: MakeFile, line: str, cells: list[str], more: int
) -> None:
    table = read_table(make_file("a.csv", f"a;b;c\n1;2;3\n{line}\n" + "5;6;7\n" * more))
    assert table.rows[:3] == [["a", "b", "c"], ["1", "2", "3"], cells]
    assert len(table.rows) == 3 + more
    assert table.rows[-1] == ["5", "6", "7"]
    assert any("In row 3 a quotation mark is missing or too many" in notice for notice in table.notices)


def test_two_quotes_that_never_close_keep_the_rows_between_them(make_file: MakeFile) -> None:
    text = "a;b\n" + "1;2\n" * 1000 + '3;"x\n' + "1;2\n" * 1000 + '4;"y\n' + "1;2\n" * 1000
    table = read_table(make_file("a.csv", text))
    assert len(table.rows) == 3003
    assert (table.rows[1001], table.rows[2002]) == (["3", '"x'], ["4", '"y'])
    assert any("In rows 1,002, 2,003 a quotation mark" in notice for notice in table.notices)


def test_cells_of_several_lines_stay_whole(make_file: MakeFile) -> None:
    text = 'a;"valid\nuntil";c\n1;"x; y\nz;\n";3\n"4\n";"5\n";"6\n"\n'
    table = read_table(make_file("a.csv", text))
    assert table.rows == [["a", "valid\nuntil", "c"], ["1", "x; y\nz;\n", "3"], ["4\n", "5\n", "6\n"]]
    assert len(table.notices) == 1


def test_a_cell_longer_than_any_is_refused(make_file: MakeFile) -> None:
    text = "a;b\n1;2\n" + '"3' + "5\n" * 600_000
    with pytest.raises(FileError, match="after row 2 never ends: a quotation mark"):
        read_table(make_file("a.csv", text))


def test_a_line_with_more_cells_than_any_table_has(make_file: MakeFile) -> None:
    with pytest.raises(FileError, match=r"Row 2 of a\.csv has more than 16,384 cells"):
        read_table(make_file("a.csv", "a;b\n" + ";" * 20_000))


@pytest.mark.parametrize(
    "text", ["=1", "+31", "-5", "@x", "\tx", "\rx", "\nx", "'=1", "''=1", "＝1", " =1", "\u00a0=1"]
)
def test_formula_guards_are_put_on_and_taken_off(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "a", "'", "'a", "0042", "1=2", " 1", "'0042", "a, b; c", "two\r\nlines"])
def test_other_texts_need_no_guard(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text
