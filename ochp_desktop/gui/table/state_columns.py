"""Columns of the table that are not part of the record: how far a row's upload is, whose a card is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateCell:
    """What a state column shows for one row.

    Attributes:
        text: a word or two.
        icon: name of the icon before it, or "".
        tooltip: the whole story, as plain text.
    """

    text: str
    icon: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class StateColumn:
    """A column that is not part of the record, for example how far its upload is.

    Attributes:
        title: in the user's language.
        cell: row id -> what to show; called while painting, so it must be quick.
        width: usual number of characters.
        help: tooltip of the header.
    """

    title: str
    cell: Callable[[int], StateCell | None]
    width: int = 14
    help: str = ""
