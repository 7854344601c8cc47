"""Whether the texts of a column are mostly different, which decides how it is searched and sorted best."""

from __future__ import annotations

from collections.abc import Sequence

_SAMPLE = 2_048


def mostly_different(texts: Sequence[str]) -> bool:
    """Whether few texts of a column occur twice, judged by its beginning: then a set of them saves nothing."""
    sample = texts[:_SAMPLE]
    return len(set(sample)) * 2 > len(sample)
