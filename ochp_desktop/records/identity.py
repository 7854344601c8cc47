"""When two records, cards or providers are the same although they are written differently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from ochp_desktop.records.contract_id import normalised as normalised_contract_id
from ochp_desktop.records.values import trimmed

__all__ = [
    "all_reversed",
    "cdr_key",
    "cdr_keys",
    "is_uid",
    "normalised_contract_id",
    "normalised_provider",
    "normalised_token_id",
    "normalised_token_ids",
    "reversed_bytes",
]

_TOKEN_SEPARATORS = re.compile(r"[\s:.\u200b\u2060\ufeff\u00ad-]+")
_PREFIXES = re.compile(r"(?:0X|\+)+")
_PROVIDER_SEPARATORS = re.compile(r"[\s\u200b\u2060\ufeff\u00ad-]+")
# Without X, so that 0x cannot hide in it.
_is_plain_token = re.compile(r"[0-9A-WYZ]+").fullmatch
_are_plain_tokens = re.compile(r"[0-9A-WYZ]+(?:\n[0-9A-WYZ]+)*").fullmatch
_UID = r"[0-9A-F]{8}(?:[0-9A-F]{6}(?:[0-9A-F]{6})?)?"
is_uid = re.compile(_UID).fullmatch
_are_uids = re.compile(rf"(?:{_UID}\n)+").fullmatch


def normalised_token_id(text: str) -> str:
    """The token id as it is compared: upper case, without separators, `0x` or a leading `+`."""
    if _is_plain_token(text):
        return text
    plain = _TOKEN_SEPARATORS.sub("", text).upper()
    # Several of them too: what was normalised once must stay as it is.
    prefix = _PREFIXES.match(plain)
    return plain[prefix.end() :] if prefix else plain


def normalised_token_ids(texts: Sequence[str]) -> Sequence[str]:
    """Many token ids as they are compared, in their order."""
    # One look at all of them at once: nearly always there is nothing to do.
    block = "\n".join(texts)
    if block.count("\n") == len(texts) - 1 and _are_plain_tokens(block):
        return texts
    return [normalised_token_id(text) for text in texts]


def reversed_bytes(token_id: str) -> str:
    """A normalised hexadecimal id with its bytes in the opposite order: 1C78F2BF becomes BFF2781C."""
    return "".join([token_id[at : at + 2] for at in range(len(token_id) - len(token_id) % 2 - 2, -1, -2)])


def all_reversed(token_ids: Sequence[str]) -> Sequence[str]:
    """Many normalised ids with their bytes in the opposite order; those that are no card ids as they are."""
    if not _are_uids("\n".join(token_ids) + "\n"):
        return [reversed_bytes(token) if is_uid(token) else token for token in token_ids]
    # Turned as one long number, the ids come out in the opposite order as well.
    turned = bytes.fromhex("".join(token_ids))[::-1].hex().upper()
    ends = list(accumulate(map(len, reversed(token_ids)), initial=0))
    parts = [turned[start:end] for start, end in pairwise(ends)]
    parts.reverse()
    return parts


# There are few providers, and each of their records names two.
@lru_cache(maxsize=4096)
def normalised_provider(text: str) -> str:
    """The provider id as it is compared: without regard to case, blanks and hyphens; `Ladennetz` is Ladenetz."""
    plain = _PROVIDER_SEPARATORS.sub("", text).casefold()
    return "ladenetz" if plain == "ladennetz" else plain


def cdr_keys(infra_provider_ids: Sequence[str], cdr_ids: Sequence[str]) -> list[tuple[str, str]]:
    """What identifies each of many CDRs, as `cdr_key` does for one."""
    strip = str.strip if "".join(cdr_ids).isascii() else trimmed
    return list(zip(map(normalised_provider, infra_provider_ids), map(strip, cdr_ids), strict=True))


def cdr_key(infra_provider_id: str, cdr_id: str) -> tuple[str, str]:
    """What identifies a CDR: its sender, compared as providers are, and its number as that sender writes it."""
    return normalised_provider(infra_provider_id), trimmed(cdr_id)
