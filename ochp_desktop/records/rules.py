"""The shape of a rule: one declaration that says what is wrong, why, how to mend it and where that is written.

A *form* rule takes up what the field's value type complains about, a *cell* rule looks at one text that
has the right form, a *row* rule at some fields of one record, a *group* rule at all records that share a
key (duplicates). A new rule is one entry in `token_rules.py`, `cdr_rules.py` or `shared_rules.py`;
table, panel, commands and handbook take it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from ochp_desktop.records.problems import Hit, Level


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may know beyond the sheet itself.

    Attributes:
        now: the instant that "today", "expired" and "in the future" are measured from.
        timezone: where times without offset are meant, or None when nobody has said.
        own_ids: our own provider's ids, compared without case, blanks and hyphens.
        sent: (infraProviderId, cdrId), normalised -> ISO date of the confirmed upload, from the journal.
        thresholds: changed thresholds by "<rule code>".
        switched_off: codes of the rules that the user switched off.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    timezone: ZoneInfo | None = None
    own_ids: tuple[str, ...] = ()
    sent: Mapping[tuple[str, str], str] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    switched_off: Collection[str] = ()

    def limit(self, code: str, usual: float) -> float:
        """The threshold of the rule of that code: the user's, else the usual one."""
        return self.thresholds.get(code, usual)

    @property
    def today(self) -> date:
        """The day of `now`, in the time zone that was given, else in local time."""
        return self.now.astimezone(self.timezone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What all rules declare.

    Attributes:
        code: short, stable, "<field or subject>.<fault>" ("token-id.duplicate").
        level: error, warning or hint.
        title: a few words for the card in the problems panel, marked for translation.
        text: the message for one cell, marked for translation; placeholders are filled from the hit's args.
        why: why this matters and how to mend it, marked for translation.
        source: where the rule is written ("OCHP 0.1, 4.4").
        threshold: the number the rule compares with, or None.
    """

    code: str
    level: Level
    title: str
    text: str
    why: str
    source: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRule(Rule):
    """A rule about the form of a text: it applies where the field's value type finds that fault.

    A cell has one problem of form at most, and where it has one, no cell rule is asked about it.

    Attributes:
        fields: the protocol's names of the fields it applies to; of another kind's fields there are none.
        fault: which of the value type's faults it takes up.
    """

    fields: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRule(Rule):
    """A rule about one text; `check(text, facts)` gives the hit (its `field` is filled in) or None.

    It may depend on nothing but the text and the facts: answers are remembered for texts that repeat.

    Attributes:
        fields: the protocol's names of the fields it applies to; of another kind's fields there are none.
        check: looks at the cell's text, without blanks before and after it unless the rule is `raw`.
        on_empty: whether it looks at empty cells, and only at those.
        unless: a quick look that tells a text which is surely fine; it only saves time.
        raw: whether it looks at the text as typed before the value type does. Raw rules find nothing in a text that
            matches the type's `clean` pattern. After an error of a raw rule nothing else is asked about the cell.
    """

    fields: tuple[str, ...]
    check: Callable[[str, Facts], Hit | None]
    on_empty: bool = False
    raw: bool = False
    unless: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRule(Rule):
    """A rule about several fields of one record; `check(texts, facts)` yields its hits.

    It keeps silent about texts of the wrong form and empty ones: other rules speak of those. It may depend on nothing
    but these texts and the facts: answers are remembered for texts that repeat.

    Attributes:
        reads: the protocol's names of the fields it reads; `check` gets their texts in this order.
        check: looks at those texts.
        unless: a quick look that tells a record which is surely fine, shared by rules of the same `reads`;
            it only saves time.
    """

    reads: tuple[str, ...]
    check: Callable[[Sequence[str], Facts], Iterable[Hit]]
    unless: Callable[[Sequence[str]], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule(Rule):
    """A rule about all records that share a key; the hits of a group are asked for when it has two or more members.

    Attributes:
        reads: the protocol's names of the fields it reads; `key` gets their texts in this order.
        key: what the record is grouped by, or None when it takes no part.
        check: (row ids ascending, their texts) -> (row id, hit) pairs; the texts are those of `reads`, then `compares`.
        compares: names of more fields that `check` needs.
    """

    reads: tuple[str, ...]
    key: Callable[[Sequence[str]], Hashable | None]
    check: Callable[[Sequence[int], Sequence[Sequence[str]]], Iterable[tuple[int, Hit]]]
    compares: tuple[str, ...] = ()
