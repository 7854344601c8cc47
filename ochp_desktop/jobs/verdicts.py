"""What a refusal says about records: that the house has them all, that it has some, or nothing that could be relied on.

A mistake here loses or doubles money, so a reading is only given where the words leave no doubt; all else is `OTHER`.
"""

from __future__ import annotations

import re
from enum import Enum

# The protocol's words for "you have sent exactly this before"; the practice house says them in every language.
_ALL_RECEIVED = re.compile(r"\W*already received\W+all (?P<count>[0-9]{1,9})\b", re.IGNORECASE)
# How houses, and the databases behind them, say that they hold a record under this id already.
_KNOWN = re.compile(
    r"already\s+(?:been\s+)?(?:received|exists?|existing|stored|known|present|sent|imported|processed|uploaded|"
    r"registered|submitted|delivered|booked|cleared|there|in\s+(?:the\s+)?(?:system|database))"
    r"|exists?\s+already|(?<!no )(?<!not a )(?<!without )duplicat|doublet"
    r"|unique\s+(?:constraint|index|key)|ORA-00001|\b23505\b|primary\s+key|integrity\s+constraint"
    r"|bereits\s+(?:vorhanden|empfangen|erhalten|gespeichert|bekannt|übermittelt|importiert|verarbeitet)|existiert\s+bereits"
    r"|schon\s+(?:vorhanden|empfangen|erhalten)|doppelt|dublette"
    r"|reeds\s+(?:ontvangen|aanwezig|bekend|verwerkt)|al\s+(?:ontvangen|aanwezig|bekend|verwerkt)|bestaat\s+al|dubbel"
    r"|déjà\s+(?:reçu|existant|présent|enregistr|connu|envoy|trait)|existe\s+déjà|en\s+double|doublon",
    re.IGNORECASE,
)
# The house has something under the id, and says that it is not what we sent.
_OTHER_CONTENT = re.compile(
    r"(?:other|different|differing|another|changed|conflicting)\s+(?:content|data|values?)|differs?\b|mismatch"
    r"|ander(?:e[mnrs]?|s)\s+(?:inhalt|daten|werte|inhoud|gegevens)|abweich|unterscheid|verschil|afwijk"
    r"|contenu\s+différent|autre\s+contenu|diffère",
    re.IGNORECASE,
)


class Reading(Enum):
    """What the words of a refusal tell about the records of the request."""

    ALL_THERE = "all there"
    SOME_THERE = "some there"
    OTHER = "other"


def read_refusal(reason: str, count: int) -> Reading:
    """Read the words with which a house refused records that it may have taken before.

    Args:
        reason: the house's words.
        count: how many records the refused request had.
    """
    if says_all_received(reason, count):
        return Reading.ALL_THERE
    if _OTHER_CONTENT.search(reason) or not _KNOWN.search(reason):
        return Reading.OTHER
    # "A duplicate" among several may be any of them; alone it can only be this one.
    return Reading.ALL_THERE if count == 1 else Reading.SOME_THERE


def says_all_received(reason: str, count: int) -> bool:
    """Whether the house says in the protocol's own words that it has every record, with this very content."""
    found = _ALL_RECEIVED.match(reason)
    return found is not None and int(found["count"]) == count
