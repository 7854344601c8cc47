"""Long work over many rows in slices, so that a window can paint and take keys between them."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

SLICE = 16_384
"""Rows that are worked on in one go: some five milliseconds of sorting."""

Result = TypeVar("Result")
Slices = Generator[None, None, Result]
"""Pauses after each slice and returns the result; up to one slice of rows it does not pause at all."""


def at_once(slices: Slices[Result]) -> Result:
    """The result, without pauses."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            result: Result = end.value
            return result
