import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.sheet.clipboard import format_block, format_columns, parse_block


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("", []),
        ("\n", [[""]]),
        ("a", [["a"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\rb\r", [["a"], ["b"]]),
        ("a\n\n", [["a"], [""]]),
        ("a\t\n", [["a", ""]]),
        ('"two\r\nlines"\tb\r\n', [["two\nlines", "b"]]),
        ('"with ""quotes"" and\ttab"\n', [['with "quotes" and\ttab']]),
        ('"so" to say\tb\n', [['"so" to say', "b"]]),
        ('say "hi"\n', [['say "hi"']]),
        ('"never closed\tb\nc\n', [['"never closed', "b"], ["c"]]),
        ('""\t""""\n', [["", '"']]),
        ("0042\t\u00a0x\0", [["0042", "\u00a0x"]]),
    ],
)
def test_parse(text: str, block: list[list[str]]) -> None:
    assert parse_block(text) == block


CELLS = st.text(st.sampled_from("ab \t\n\"'0"), max_size=6)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)))
def test_formatted_blocks_come_back(block: list[list[str]]) -> None:
    assert parse_block(format_block(block)) == block
    assert format_columns(list(zip(*block, strict=True))) == format_block(block)


@given(st.text(st.sampled_from('a"\t\n\r'), max_size=30))
def test_any_text_is_taken(text: str) -> None:
    assert all(isinstance(cell, str) for line in parse_block(text) for cell in line)


@pytest.mark.parametrize("piece", ['"', '"\t', '""', '"""\n', '""""\t', '"a\t', '"a""\n', "\t", "\n", '\n"x'])
def test_huge_odd_texts_are_taken_in_linear_time(piece: str) -> None:
    """A quadratic reader would run into the test's time limit."""
    parse_block(piece * 200_000)
