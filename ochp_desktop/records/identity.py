"""When two records, cards or providers are the same although they are written differently."""

from __future__ import annotations

import re

from ochp_desktop.records.contract_id import normalised as normalised_contract_id
from ochp_desktop.records.values import trimmed

__all__ = ["cdr_key", "normalised_contract_id", "normalised_provider", "normalised_token_id", "reversed_bytes"]

_TOKEN_SEPARATORS = re.compile(r"[\s:.\u200b\u2060\ufeff\u00ad-]+")
_PROVIDER_SEPARATORS = re.compile(r"[\s\u200b\u2060\ufeff\u00ad-]+")
# Without X, so that 0x cannot hide in it.
_is_plain_token = re.compile(r"[0-9A-WYZ]+").fullmatch


def normalised_token_id(text: str) -> str:
    """The token id as it is compared: upper case, without separators, `0x` or a leading `+`."""
    if _is_plain_token(text):
        return text
    plain = _TOKEN_SEPARATORS.sub("", text).upper()
    return plain.removeprefix("0X").removeprefix("+")


def reversed_bytes(token_id: str) -> str:
    """A normalised hexadecimal id with its bytes in the opposite order: 1C78F2BF becomes BFF2781C."""
    if len(token_id) == 8:  # noqa: PLR2004 - nearly all ids are this long, and a list of a million is turned at once
        return token_id[6:] + token_id[4:6] + token_id[2:4] + token_id[:2]
    return "".join([token_id[at : at + 2] for at in range(len(token_id) - len(token_id) % 2 - 2, -1, -2)])


def normalised_provider(text: str) -> str:
    """The provider id as it is compared: without regard to case, blanks and hyphens; `Ladennetz` is Ladenetz."""
    plain = _PROVIDER_SEPARATORS.sub("", text).casefold()
    return "ladenetz" if plain == "ladennetz" else plain


def cdr_key(infra_provider_id: str, cdr_id: str) -> tuple[str, str]:
    """What identifies a CDR: its sender, compared as providers are, and its number as that sender writes it."""
    return normalised_provider(infra_provider_id), trimmed(cdr_id)
