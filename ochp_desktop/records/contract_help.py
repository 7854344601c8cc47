"""The contract id completer: what a contract id is made of, its check digit, and its other forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ochp_desktop.records import contract_id
from ochp_desktop.records.contract_id import ContractId, Form
from ochp_desktop.records.values import trimmed

_LONGEST = 200
_DIN_TAIL = 2


@dataclass(frozen=True, slots=True)
class Completed:
    """One contract id, completed.

    Attributes:
        text: as it was given, without outer blanks.
        contract: taken apart; its form is EXTERNAL when it has none of the usual forms.
        is_right: True when the given check digit fits, False when it does not, None when none was given.
        whole: with the check digit that belongs to it, written with hyphens; "" for an external id.
        iso: the same contract in the form of ISO 15118-1; "" where there is none.
        emi3: the same contract in the form of eMI3; "" where there is none.
        din: the same contract in the form of DIN SPEC 91286; "" where there is none.
    """

    text: str
    contract: ContractId
    is_right: bool | None
    whole: str
    iso: str
    emi3: str
    din: str


def complete(text: str) -> Completed:
    """Complete one contract id; any text is taken."""
    trim = trimmed(text)[:_LONGEST]
    contract = contract_id.read(trim)
    if contract.form is Form.EXTERNAL:
        return Completed(trim, contract, None, "", "", "", "")
    whole = contract_id.completed(contract)
    iso = emi3 = ""
    din = ""
    if contract.form is Form.DIN:
        iso, emi3, din = str(contract_id.to_iso(whole)), str(contract_id.to_emi3(whole)), str(whole)
    else:
        iso, emi3 = (str(whole), "") if contract.form is Form.ISO else ("", str(whole))
        din = _as_din(contract)
    is_right = contract.check == contract.expected if contract.check else None
    return Completed(trim, contract, is_right, str(whole), iso, emi3, din)


def complete_all(text: str) -> Iterator[Completed]:
    """Each line of a pasted text that is not blank, completed."""
    return (complete(line) for line in text.splitlines() if trimmed(line))


def complete_texts(completed: Iterable[Completed]) -> list[str]:
    """What to paste back: each id with its check digit, an external id as it was given."""
    return [one.whole or one.text for one in completed]


def _as_din(contract: ContractId) -> str:
    """The DIN id that was made longer, when the digit inside says that it was."""
    if contract.instance[:_DIN_TAIL] not in {"00", "C0"}:
        return ""
    instance, digit = contract.instance[_DIN_TAIL:-1], contract.instance[-1]
    short = ContractId(Form.DIN, contract.country, contract.provider, instance, digit)
    return str(short) if short.expected == digit else ""
