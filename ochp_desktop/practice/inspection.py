"""What the practice house refuses in a record: the protocol's own rules and nothing that is merely implausible."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ochp_desktop.practice.answers import Refused, ResultCode
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.identity import normalised_provider
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.values import Complaint, ValueType, quoted, trimmed
from ochp_desktop.texts import N_, _

TOKENS = KINDS["tokens"]
CDRS = KINDS["cdrs"]

# Fields whose form the protocol prescribes. Ids are their sender's own business: what a spreadsheet did to one
# cannot be seen here.
_FORMS: Mapping[str, tuple[str, ...]] = {
    "tokens": ("roamingHubId", "tokenType", "expiryDate", "pin", "pinMandatory", "tokenActivated"),
    "cdrs": ("startDatetime", "endDatetime", "duration", "volume", "chargePointCountry", "obisCode"),
}
_OPEN = "roamingHubId"  # hubs that joined later have higher numbers; a name that is no number stays wrong

_OFFSET = len("2026-10-01T11:45:30")  # where an instant's offset from UTC begins

_MOST_REMEMBERED, _LONGEST_REMEMBERED = 10_000, 100  # texts that were found good and come again and again

_EMPTY = N_("is empty, but must be given.")
_NO_PIN = N_("is empty, but pinMandatory is 1.")
_BACKWARDS = N_("lies before startDatetime.")
_NOT_OWN = N_("“{value}” is not the sender of this request, who is {own}.")
_STRANGER = N_("“{value}” is not a provider of this clearing house. There are: {known}.")


class _Inspector:
    """Looks at the form of one record after the other and stops at the first fault."""

    def __init__(self, kind: RecordKind, id_field: str) -> None:
        self._kind = kind
        self._id_field = id_field
        self._id = kind.index(id_field)
        self._mandatory = [(kind.index(field.name), field.name) for field in kind if field.mandatory]
        self._forms: list[tuple[int, str, ValueType, Callable[[str], re.Match[str] | None]]] = []
        for name in _FORMS[kind.name]:
            type_ = kind.field(name).type
            clean = type_.clean.fullmatch if type_.clean is not None else _never
            self._forms.append((kind.index(name), name, type_, clean))
        self._all_clean = [
            re.compile(f"(?:(?:{type_.clean.pattern})?\n)*").fullmatch if type_.clean is not None else _never
            for _index, _name, type_, _clean in self._forms
        ]
        self._fine: set[tuple[str, str]] = set()

    def refusal(self, number: int, row: Sequence[str], field: str, text: str, **args: str) -> Refused:
        """The refusal of a record, naming it by number and id, and the field; a PIN is never among the arguments."""
        head = _("Record {number} ({id_field} {id}), {field}:").format(
            number=number, id_field=self._id_field, id=quoted(row[self._id]) or "?", field=field
        )
        reason = _(text).format_map(args)
        tail = _("Nothing of this request was stored.")
        return Refused(ResultCode.INVALID, f"{head} {reason} {tail}")

    def finds_nothing(self, columns: Sequence[Sequence[str]]) -> bool:
        """Whether the form of many records, given by their columns, is certainly right."""
        for index, _field in self._mandatory:
            texts = columns[index]
            # Where the first and the last in order begin with a visible ASCII character, all do: nearly always.
            if not (min(texts)[:1] > " " and max(texts)[:1] < "\x7f") and not all(map(trimmed, texts)):
                return False
        for (index, _field, type_, clean), all_clean in zip(self._forms, self._all_clean, strict=True):
            texts = columns[index]
            together = "\n".join(texts) + "\n"
            if together.count("\n") == len(texts) and all_clean(together):
                continue
            for text in set(texts):
                if text and not clean(text) and type_.check(text) is not None:
                    return False
        return True

    def check_form(self, number: int, row: Sequence[str]) -> None:
        """Refuse empty mandatory fields and wrong forms."""
        for index, field in self._mandatory:
            text = row[index]
            # A text that begins with a visible ASCII character is not empty: nearly all do.
            if not (text and " " < text[0] < "\x7f") and not trimmed(text):
                raise self.refusal(number, row, field, _EMPTY)
        for index, field, type_, clean in self._forms:
            text = row[index]
            if text and not clean(text) and (field, text) not in self._fine:
                complaint = type_.check(text)
                if complaint is not None and not _tolerated(field, complaint):
                    raise self.refusal(number, row, field, complaint.text, **complaint.args)
                if len(self._fine) < _MOST_REMEMBERED and len(text) < _LONGEST_REMEMBERED:
                    self._fine.add((field, text))


def _never(_text: str) -> None:
    return None


def _tolerated(field: str, complaint: Complaint) -> bool:
    return field == _OPEN and complaint.fault == "unknown-number"


def inspected_tokens(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The tokens, as long as they are in order; that token ids are unique is the ledger's business.

    Raises:
        Refused: a token breaks a rule; says which and why.
    """
    inspector = _Inspector(TOKENS, "tokenId")
    pin, pin_mandatory = TOKENS.index("pin"), TOKENS.index("pinMandatory")
    for number, row in enumerate(rows, 1):
        inspector.check_form(number, row)
        if row[pin_mandatory] == "1" and not trimmed(row[pin]):
            raise inspector.refusal(number, row, "pin", _NO_PIN)
        yield row


def inspected_cdrs(
    blocks: Iterable[Sequence[Sequence[str]]], own: str, providers: Mapping[str, str]
) -> Iterator[Sequence[Sequence[str]]]:
    """The CDRs, as long as they are in order.

    Args:
        blocks: the CDRs, some hundred at a time: looked at together they cost a fraction of what they cost one by one.
        own: the sender's provider id: a provider sends CDRs of its own charge points only.
        providers: every provider of the house, normalised id -> id; a CDR for anybody else could never be fetched.

    Raises:
        Refused: a CDR breaks a rule; says which and why.
    """
    inspector = _CdrInspector(own, providers)
    done = 0
    for block in blocks:
        if block and not inspector.passes(block):
            for number, row in enumerate(block, done + 1):
                inspector.check(number, row)
        done += len(block)
        yield block


class _CdrInspector(_Inspector):
    """Looks at CDRs of one sender: many at once, and one by one where that finds anything."""

    def __init__(self, own: str, providers: Mapping[str, str]) -> None:
        super().__init__(CDRS, "cdrId")
        self._own = own
        self._providers = providers
        self._instant = CDRS.field("startDatetime").type.parse
        self._start, self._end = CDRS.index("startDatetime"), CDRS.index("endDatetime")
        self._infra, self._service = CDRS.index("infraProviderId"), CDRS.index("serviceProviderId")

    def passes(self, block: Sequence[Sequence[str]]) -> bool:
        """Whether all of them are certainly in order."""
        columns = list(zip(*block, strict=True))
        return (
            self.finds_nothing(columns)
            and self._all_forwards(columns[self._start], columns[self._end])
            and all(map(self._is_own, set(columns[self._infra])))
            and all(map(self._is_known, set(columns[self._service])))
        )

    def check(self, number: int, row: Sequence[str]) -> None:
        """Refuse a CDR that is not in order."""
        self.check_form(number, row)
        if not self._forwards(row[self._start], row[self._end]):
            raise self.refusal(number, row, "endDatetime", _BACKWARDS)
        infra, service = row[self._infra], row[self._service]
        if not self._is_own(infra):
            raise self.refusal(number, row, "infraProviderId", _NOT_OWN, value=quoted(infra), own=self._own)
        if not self._is_known(service):
            known = ", ".join(self._providers.values())
            raise self.refusal(number, row, "serviceProviderId", _STRANGER, value=quoted(service), known=known)

    def _all_forwards(self, starts: Sequence[str], ends: Sequence[str]) -> bool:
        offsets = {text[_OFFSET:] for text in starts}
        if len(offsets) == 1 and offsets == {text[_OFFSET:] for text in ends}:
            return all(map(operator.le, starts, ends))
        return all(map(self._forwards, starts, ends))

    def _forwards(self, start: str, end: str) -> bool:
        # With the same offset written at the same place, texts sort as the instants do.
        if start[_OFFSET:] == end[_OFFSET:]:
            return start <= end
        return bool(self._instant(start) <= self._instant(end))

    def _is_own(self, infra: str) -> bool:
        return normalised_provider(infra) == normalised_provider(self._own)

    def _is_known(self, service: str) -> bool:
        return normalised_provider(service) in self._providers
