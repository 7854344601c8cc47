"""The kinds of record there are, by the names that commands use."""

from __future__ import annotations

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.tokens import TOKENS

KINDS: dict[str, RecordKind] = {kind.name: kind for kind in (TOKENS, CDRS)}


def kind_named(name: str) -> RecordKind:
    """The kind that commands call by that name: "tokens" or "cdrs".

    Raises:
        KeyError: there is no such kind.
    """
    return KINDS[name]
