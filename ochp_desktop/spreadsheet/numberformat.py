"""Excel's number formats, as far as they make an id out of a number: "0000" shows 42 as 0042."""

from __future__ import annotations

import re

_SPACERS = re.compile(r"_.|\*.")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_COLOURS = re.compile(r"(black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|\$[^\]]*)", re.IGNORECASE)
_PIECES = re.compile(r'"([^"]*)"|\\(.)|(0|#|\?)|([-+() :/])|(.)')
_MIN_ZEROS = 2


class IdFormat:
    """A number format that writes whole numbers with leading zeros, perhaps with fixed signs between the digits."""

    def __init__(self, pieces: list[tuple[str, bool]]) -> None:
        self._pieces = pieces  # (text, is a digit place), from left to right

    @classmethod
    def parse(cls, code: str) -> IdFormat | None:
        """The format for Excel's code, or None when the code does not make ids: dates, decimals, thousands, percent."""
        first = _first_section(code)
        first = _SPACERS.sub("", first)
        if any(not _COLOURS.fullmatch(inside) for inside in _BRACKETS.findall(first)):
            return None
        pieces: list[tuple[str, bool]] = []
        for quoted, escaped, digit, sign, other in _PIECES.findall(_BRACKETS.sub("", first)):
            if other:
                return None
            pieces.append((digit, True) if digit else (quoted or escaped or sign, False))
        return cls(pieces) if sum(text == "0" for text, place in pieces if place) >= _MIN_ZEROS else None

    def text(self, digits: str) -> str:
        """What Excel shows for a whole number given as its digits, perhaps with a minus before them."""
        sign = "-" if digits.startswith("-") else ""
        left = digits.lstrip("-")
        shown: list[str] = []
        places = sum(place for _, place in self._pieces)
        for text, place in reversed(self._pieces):
            if not place:
                shown.append(text)
                continue
            places -= 1
            if places == 0:  # the first place takes all digits that are left
                shown.append(left or ("0" if text == "0" else ""))
            elif left:
                shown.append(left[-1])
                left = left[:-1]
            else:
                shown.append({"0": "0", "?": " "}.get(text, ""))
        return sign + "".join(reversed(shown))


def _first_section(code: str) -> str:
    """The part for positive numbers: up to the first semicolon outside quotes."""
    quoted = escaped = False
    for position, letter in enumerate(code):
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            return code[:position]
    return code
