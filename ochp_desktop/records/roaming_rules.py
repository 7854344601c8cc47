"""The rules that hold a charge data record against the downloaded roaming list, one entry each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.roaming import RoamingToken
from ochp_desktop.records.rules import Facts, RowRule, Rule
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.values import quoted, trimmed
from ochp_desktop.texts import N_

_TIME = CDRS.field("startDatetime").type
_DAY = TOKENS.field("expiryDate").type


def _not_in_list(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    if (
        facts.roaming is not None
        and facts.roaming.is_there
        and trimmed(texts[0])
        and not facts.roaming.tokens(texts[0])
    ):
        yield Hit("evcoId", {"value": quoted(texts[0])})


def _used(texts: Sequence[str], facts: Facts) -> RoamingToken | None:
    return None if facts.roaming is None else facts.roaming.token(texts[0], texts[1])


def _expired(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    token, start = _used(texts, facts), _TIME.parse(texts[2])
    if token is not None and start is not None and token.expires is not None and token.expires < start.date():
        yield Hit("evcoId", {"value": quoted(texts[0]), "date": _DAY.format(token.expires)})


def _inactive(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    token = _used(texts, facts)
    if token is not None and not token.active:
        yield Hit("evcoId", {"value": quoted(texts[0])})


_READS = ("evcoId", "authenticationId", "startDatetime")

ROAMING_RULES: tuple[Rule, ...] = (
    RowRule(
        code="roaming.unknown",
        level=Level.HINT,
        title=N_("Contract is not in the roaming list"),
        text=N_("“{value}” is not in the roaming list that was downloaded last. Check it, or download the list again."),
        why=N_("A partner may refuse to pay for a contract that it never put into the list."),
        source="OCHP 0.1, 4.4",
        reads=_READS,
        check=_not_in_list,
    ),
    RowRule(
        code="roaming.expired",
        level=Level.HINT,
        title=N_("Card had expired when the session began"),
        text=N_(
            "In the roaming list the card of “{value}” expired on {date}, before this session began. Ask the partner."
        ),
        why=N_("A partner may refuse to pay for a card that had expired. Find out why the charge point accepted it."),
        source="OCHP 0.1, 4.4",
        reads=_READS,
        check=_expired,
    ),
    RowRule(
        code="roaming.inactive",
        level=Level.HINT,
        title=N_("Card is not active in the roaming list"),
        text=N_("In the roaming list the card of “{value}” is not active. Ask the partner before sending it."),
        why=N_("The list says how it is now, not how it was when the session began: compare before sending."),
        source="OCHP 0.1, 4.4",
        reads=_READS,
        check=_inactive,
    ),
)
