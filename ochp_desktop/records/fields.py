"""How a record's fields are declared: once, as data, for table, files, checks, samples and handbook alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ochp_desktop.records.values import ValueType
from ochp_desktop.texts import _


class Need(Enum):
    """Whether the protocol wants a value."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"


def headers(text: str) -> tuple[str, ...]:
    """Several column headers, written one after the other with " | " between them."""
    return tuple(text.split(" | "))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes:
        name: the protocol's name, as on the wire ("evcoId").
        label: the English column title, marked for translation ("Contract id").
        type: how its texts are parsed, checked, written and mended.
        need: mandatory or optional.
        width: usual number of characters, for column widths.
        help: one or two sentences: what it is and what is expected.
        source: section of the specification.
        example: a valid text, for templates.
        synonyms: other headers under which files carry this field, any language.
        secret: shown as dots and never named in messages (the PIN).
    """

    name: str
    label: str
    type: ValueType
    need: Need
    width: int
    help: str
    source: str
    example: str
    synonyms: tuple[str, ...] = ()
    secret: bool = False

    @property
    def mandatory(self) -> bool:
        """Whether an empty cell is an error."""
        return self.need is Need.MANDATORY

    def title(self) -> str:
        """The column title in the user's language."""
        return _(self.label)

    def shown(self, text: str) -> str:
        """The text as the table shows it: a secret as dots, an enumeration as number and name."""
        if self.secret:
            return "•" * min(len(text), 6)
        return self.type.display(text)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: roaming tokens or charge data records.

    Attributes:
        name: "tokens" or "cdrs", as commands call it.
        label: what people call many of them, marked for translation.
        fields: in the protocol's wire order.
        key: names of the fields that identify a record.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        """The protocol's names in wire order."""
        return tuple(field.name for field in self.fields)

    def index(self, name: str) -> int:
        """Position of the field in wire order.

        Raises:
            KeyError: this kind has no such field.
        """
        for position, field in enumerate(self.fields):
            if field.name == name:
                return position
        raise KeyError(name)

    def field(self, name: str) -> Field:
        """The field of that protocol name.

        Raises:
            KeyError: this kind has no such field.
        """
        return self.fields[self.index(name)]
