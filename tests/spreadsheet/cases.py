"""What the corpus holds: small tables as people send them, each with the one text of every cell that is right.

`make_corpus.py` has other programs write them; `test_corpus.py` reads all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Shown:
    """A value with the number format that shows it."""

    value: Any
    format: str


@dataclass(frozen=True)
class Formula:
    """A formula and what it yields."""

    text: str
    value: Any
    format: str = "General"


@dataclass(frozen=True)
class Rich:
    """A text in two typefaces."""

    plain: str
    bold: str


@dataclass(frozen=True)
class Case:
    """One table.

    Attributes:
        name: what it is about; the files are called so.
        rows: the cells as they are written.
        expected: the texts that must be read.
        notices: a piece of each sentence that must be said; nothing else may be said about cells.
        hidden_row: number of a hidden row, counted from 1.
        hidden_column: letter of a hidden column.
        merged: ranges of merged cells.
        cover: whether a sheet with a title stands before.
        hidden_sheet: whether a hidden sheet stands before.
        mac_dates: whether days are counted from 1904.
        only: the suffixes of the formats that can hold it; all when empty.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    expected: Sequence[Sequence[str]]
    notices: Sequence[str] = ()
    hidden_row: int = 0
    hidden_column: str = ""
    merged: Sequence[str] = ()
    cover: bool = False
    hidden_sheet: bool = False
    mac_dates: bool = False
    only: Sequence[str] = field(default_factory=tuple)


HEADER = ("Contract id", "Hub", "Token id", "Printed number", "Expires")
DAY = dt.date(2027, 12, 31)
# Spreadsheets know no time zones.
START = dt.datetime.fromisoformat("2026-10-01T11:45:30")
ZEROS = "leading zeros"

CASES: tuple[Case, ...] = (
    Case(
        "plain",
        [HEADER, ("NL-TNM-000122045-U", "2", "04A2B3C4D5E6F7", "0042", "31/12/2027")],
        [list(HEADER), ["NL-TNM-000122045-U", "2", "04A2B3C4D5E6F7", "0042", "31/12/2027"]],
    ),
    Case(
        "zeros",
        [("UID", "Kartennummer"), ("04AB12CD", Shown(42, "0000")), ("04AB12CE", Shown(12345678, "00000000"))],
        [["UID", "Kartennummer"], ["04AB12CD", "0042"], ["04AB12CE", "12345678"]],
        [ZEROS],
    ),
    Case(
        "numbers",
        [("UID", "Number", "kWh"), (12345678, 99887766554433, 12.5), (7, 0.1, 1000.25)],
        [["UID", "Number", "kWh"], ["12345678", "99887766554433", "12.5"], ["7", "0.1", "1000.25"]],
    ),
    Case(
        "dates",
        [("Expires", "Start"), (Shown(DAY, "dd/mm/yyyy"), Shown(START, "yyyy-mm-dd hh:mm:ss")), ("31.12.2027", "text")],
        [["Expires", "Start"], ["31/12/2027", "2026-10-01T11:45:30"], ["31.12.2027", "text"]],
    ),
    Case(
        "mac-dates",
        [("Expires", "Start"), (Shown(DAY, "dd/mm/yyyy"), Shown(START, "yyyy-mm-dd hh:mm:ss"))],
        [["Expires", "Start"], ["31/12/2027", "2026-10-01T11:45:30"]],
        mac_dates=True,
        only=("xlsx", "ods", "xls"),
    ),
    Case(
        "durations",
        [
            ("Duration", "Clock", "Seconds", "Text"),
            (
                Shown(dt.timedelta(hours=30, minutes=5, seconds=7), "[h]:mm:ss"),
                Shown(dt.time(1, 2, 3), "h:mm:ss"),
                28,
                "0:00:28",
            ),
        ],
        [["Duration", "Clock", "Seconds", "Text"], ["30:05:07", "1:02:03", "28", "0:00:28"]],
    ),
    Case(
        "booleans",
        [("Active", "Text"), (True, "x"), (False, "y")],
        [["Active", "Text"], ["1", "x"], ["0", "y"]],
        ["TRUE or FALSE in column A"],
    ),
    Case(
        "formulas",
        [
            ("Token id", "Printed number"),
            ("04AB12CD", Formula("=40+2", 42)),
            ("04AB12CE", Formula('="00"&"43"', "0043")),
        ],
        [["Token id", "Printed number"], ["04AB12CD", "42"], ["04AB12CE", "0043"]],
        ["hold a formula"],
    ),
    Case(
        "errors",
        [
            ("Token id", "Printed number"),
            ("04AB12CD", Formula("=1/0", "#DIV/0!")),
            ("04AB12CE", Formula("=NA()", "#N/A")),
        ],
        [["Token id", "Printed number"], ["04AB12CD", "#DIV/0!"], ["04AB12CE", "#N/A"]],
        ["hold a formula", "hold an Excel error"],
    ),
    Case(
        "blanks",
        [("Token id", "City"), ("\u00a004AB12CD\u00a0", "  Köln  "), ("04AB12CE", "'s-Hertogenbosch")],
        [["Token id", "City"], ["\u00a004AB12CD\u00a0", "  Köln  "], ["04AB12CE", "'s-Hertogenbosch"]],
        only=("xlsx", "xls", "ods"),
    ),
    Case(
        "signs",
        [("Token id", "Remark"), ("04AB12CD", 'a < b & c > d "q" é ß 😀 日本'), ("=1+1", "-2"), ("+31612345678", "@x")],
        [["Token id", "Remark"], ["04AB12CD", 'a < b & c > d "q" é ß 😀 日本'], ["=1+1", "-2"], ["+31612345678", "@x"]],
    ),
    Case(
        "gaps",
        [(), ("", "", "Token id", "Hub"), (), ("", "", "04AB12CD", "2"), (), (), ("", "", "04AB12CE", "3")],
        [
            ["", "", "", ""],
            ["", "", "Token id", "Hub"],
            ["", "", "", ""],
            ["", "", "04AB12CD", "2"],
            ["", "", "", ""],
            ["", "", "", ""],
            ["", "", "04AB12CE", "3"],
        ],
    ),
    Case(
        "hidden",
        [("Token id", "Hub", "Type"), ("04AB12CD", "2", "1"), ("04AB12CE", "3", "1")],
        [["Token id", "Hub", "Type"], ["04AB12CD", "2", "1"], ["04AB12CE", "3", "1"]],
        ["Some rows are hidden", "Some columns are hidden"],
        hidden_row=2,
        hidden_column="B",
    ),
    Case(
        "merged",
        [("Card", "", "Contract"), ("Token id", "Printed number", ""), ("04AB12CD", "0042", "NL-TNM-000122045-U")],
        [["Card", "", "Contract"], ["Token id", "Printed number", ""], ["04AB12CD", "0042", "NL-TNM-000122045-U"]],
        merged=("A1:B1", "C1:C2"),
    ),
    Case(
        "sheets",
        [("Token id", "Hub"), ("04AB12CD", "2")],
        [["Token id", "Hub"], ["04AB12CD", "2"]],
        ["has 2 sheets"],
        hidden_sheet=True,
    ),
    Case(
        "long",
        [("Token id", "Remark"), ("04AB12CD", "x" * 32_767)],
        [["Token id", "Remark"], ["04AB12CD", "x" * 32_767]],
        only=("xlsx", "ods"),
    ),
    Case(
        "rounded",
        [("Token id", "Printed number"), ("04AB12CD", 1.23456789012345e17)],
        [["Token id", "Printed number"], ["04AB12CD", "123456789012345000"]],
        ["more than 15 digits"],
        only=("xlsx", "xls", "ods"),
    ),
    Case(
        "rich",
        [("Token id", "Remark"), ("04AB12CD", Rich("half ", "bold"))],
        [["Token id", "Remark"], ["04AB12CD", "half bold"]],
        only=("xlsx", "ods", "xls"),
    ),
    Case(
        "lines",
        [("Token id", "Remark"), ("04AB12CD", "one\ntwo")],
        [["Token id", "Remark"], ["04AB12CD", "one\ntwo"]],
    ),
)
