"""Columns for which a house's WSDL has no place: what stands in them does not reach the house."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.texts import ngettext


def columns_left_out(workplace: Workplace, kind: RecordKind, texts_of: Callable[[int], Iterable[str]]) -> list[str]:
    """Titles of the columns that hold anything, and that the house's WSDL has no place for.

    Args:
        workplace: with a connection whose client has been made, so that the WSDL is known; else nothing is said.
        kind: what the records are.
        texts_of: gives the texts of a column, by its index among our fields; asked for few columns, mostly for none.
    """
    from ochp_desktop.protocol.codec import RecordCodec

    contract = workplace.connected().contract
    if contract is None:
        return []
    indexes = [kind.index(name) for name in RecordCodec(contract, kind.name).unsupported()]
    return [kind.fields[index].title() for index in indexes if any(text.strip() for text in texts_of(index))]


def left_out_text(titles: Sequence[str]) -> str:
    """What is not sent, in a sentence; "" when everything is."""
    if not titles:
        return ""
    return ngettext(
        "The house has no place for the column {columns}: what stands in it is not sent.",
        "The house has no place for the columns {columns}: what stands in them is not sent.",
        len(titles),
    ).format(columns=", ".join(titles))
