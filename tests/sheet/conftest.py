"""A small record kind that has everything a sheet cares about: plain text, numbers, choices and a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ochp_desktop.records.fields import Field, Need, RecordKind
from ochp_desktop.records.values import ValueType


class Amount(ValueType):
    def sort_key(self, text: str) -> Any:
        return (0, int(text), "") if text.isdecimal() else (1, 0, text)


class Hub(ValueType):
    def display(self, text: str) -> str:
        return {"2": "2 E-laad", "3": "3 Ladenetz"}.get(text, text)

    def choices(self) -> Sequence[tuple[str, str]]:
        return (("2", "2 E-laad"), ("3", "3 Ladenetz"))


def _field(name: str, value_type: ValueType, *, secret: bool = False) -> Field:
    return Field(name, name.title(), value_type, Need.OPTIONAL, 10, "", "", "", secret=secret)


@pytest.fixture(scope="session")
def kind() -> RecordKind:
    fields = (
        _field("card", ValueType()),
        _field("amount", Amount()),
        _field("hub", Hub()),
        _field("pin", ValueType(), secret=True),
    )
    return RecordKind("cards", "Cards", fields, key=("card",))
