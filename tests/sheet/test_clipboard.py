import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.sheet import clipboard
from ochp_desktop.sheet.clipboard import format_block, format_columns, parse_block
from ochp_desktop.sheet.even_lines import EvenLines, cell_count, width_of


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


@given(st.text(st.sampled_from("ab\t\n"), max_size=40))
def test_lines_of_one_length_and_of_several(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clipboard, "_PIECE", 4)
        patch.setattr(clipboard, "_LONG", 3)
        assert parse_block(text) == [line.split("\t") for line in text.removesuffix("\n").split("\n")] * bool(text)


@given(st.data(), st.integers(1, 4), st.integers(0, 6))
def test_even_lines_are_lists_of_lists(data: st.DataObject, width: int, count: int) -> None:
    block = [[f"{line}.{cell}" for cell in range(width)] for line in range(count)]
    even = EvenLines([[line[at] for line in block] for at in range(width)])
    part = data.draw(st.slices(count))
    assert [list(line) for line in even] == block
    assert [list(line) for line in even[part]] == block[part]
    assert cell_count(even) == cell_count(block)
    assert not block or width_of(even) == width_of(block)


@given(st.text(st.sampled_from('a"\t\n\r'), max_size=30))
def test_any_text_is_taken(text: str) -> None:
    assert all(isinstance(cell, str) for line in parse_block(text) for cell in line)


@pytest.mark.parametrize("piece", ['"', '"\t', '""', '"""\n', '""""\t', '"a\t', '"a""\n', "\t", "\n", '\n"x'])
def test_huge_odd_texts_are_taken_in_linear_time(piece: str) -> None:
    """A quadratic reader would run into the test's time limit."""
    parse_block(piece * 200_000)
