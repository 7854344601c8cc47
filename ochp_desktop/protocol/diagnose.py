"""The test of a connection: one step after the other, each with a sentence that says what to do when it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.errors import Cancelled, ContractError, OchpError
from ochp_desktop.protocol.addresses import split_address
from ochp_desktop.protocol.client import Client
from ochp_desktop.protocol.codec import RecordCodec
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.protocol.transport import Transport
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.texts import _

_DEADLINE = 60.0  # seconds for WSDL or sign-in: whoever tests a connection sits in front of it


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the test.

    Attributes:
        title: what was tried, a few words.
        ok: whether it worked.
        text: what was found, or what is wrong and what to do.
    """

    title: str
    ok: bool
    text: str


class _Stopped(Exception):
    """A step failed; the later ones would only fail with it."""


class _Steps:
    def __init__(self, tell: Callable[[Step], None] | None) -> None:
        self.done: list[Step] = []
        self._tell = tell

    def add(self, step: Step) -> None:
        self.done.append(step)
        if self._tell is not None:
            self._tell(step)

    def attempt(self, title: str, work: Callable[[], str]) -> None:
        try:
            text = work()
        except Cancelled:
            raise
        except OchpError as error:
            self.add(Step(title, ok=False, text=error.text))
            raise _Stopped from error
        self.add(Step(title, ok=True, text=text))


def diagnose(
    endpoint: str,
    wsdl: str | Path | None,
    credentials: Callable[[], tuple[str, str]],
    transport: Transport,
    tell: Callable[[Step], None] | None = None,
) -> list[Step]:
    """Test a connection from its address to the sign-in; ends with the first step that fails.

    Args:
        endpoint: address of the service; empty means the one in the WSDL.
        wsdl: path or URL of the house's own WSDL, or None for ours.
        credentials: gives (user id, password).
        transport: the way there, with its certificates.
        tell: told each step as soon as it is done.

    Returns:
        The steps in order: contract first where the address comes from it, else address, name, connection, security
        (https only), contract, sign-in.

    Raises:
        Cancelled: stopped by the transport's `cancel`, or its `stop_asked`.
    """
    steps = _Steps(tell)
    full_deadline = transport.deadline
    transport.deadline = min(full_deadline, _DEADLINE)
    try:
        _walk(steps, endpoint.strip(), wsdl, credentials, transport)
    except _Stopped:
        pass
    finally:
        transport.deadline = full_deadline
    return steps.done


def _walk(
    steps: _Steps,
    endpoint: str,
    wsdl: str | Path | None,
    credentials: Callable[[], tuple[str, str]],
    transport: Transport,
) -> None:
    contracts: list[Contract] = []

    def read_contract() -> str:
        contract = Contract.load(wsdl, transport.fetch)
        contracts.append(contract)
        understood = _("The WSDL is understood: OCHP over SOAP {version}.").format(version=contract.soap.value)
        return f"{understood} {_without_place(contract)}".rstrip()

    title = _("WSDL")
    if not endpoint:
        steps.attempt(title, read_contract)
        endpoint = contracts[0].address if wsdl else ""
    steps.attempt(_("Address"), lambda: _check_address(endpoint))
    parts = split_address(endpoint)
    host = str(parts.hostname)

    def look_up() -> str:
        transport.look_up(endpoint)
        return _("The name {host} is known.").format(host=host)

    def reach() -> str:
        transport.connect(endpoint, secure=False)
        return _("{host} takes connections.").format(host=host)

    def secure() -> str:
        transport.connect(endpoint)
        return _("The connection is encrypted, and the certificate of {host} is trusted.").format(host=host)

    steps.attempt(_("Name"), look_up)
    steps.attempt(_("Connection"), reach)
    if parts.scheme.lower() == "https":
        steps.attempt(_("Security"), secure)
    if not contracts:
        steps.attempt(title, read_contract)

    def sign_in() -> str:
        client = Client(endpoint, contracts[0], credentials, transport)
        client.stop_asked = transport.stop_asked
        client.sign_in()
        return _("Signed in as {user}.").format(user=credentials()[0])

    steps.attempt(_("Sign-in"), sign_in)


def _without_place(contract: Contract) -> str:
    """Which of our fields this contract cannot carry, in a sentence; "" when it has all of them."""
    missing = [
        ": ".join((_(kind.label), ", ".join(kind.field(name).title() for name in names)))
        for kind in KINDS.values()
        if (names := RecordCodec(contract, kind.name).unsupported())
    ]
    if not missing:
        return ""
    return _("It has no place for some columns, which are never sent there: {columns}.").format(
        columns="; ".join(missing)
    )


def _check_address(endpoint: str) -> str:
    if not endpoint:
        raise ContractError(_("No address"), _("No address is given. Enter the one that the clearing house gave you."))
    parts = split_address(endpoint)
    if parts.scheme.lower() == "https":
        return _("The address is in order.")
    return _("The address is in order, but not encrypted (http): use it inside your own network only.")
