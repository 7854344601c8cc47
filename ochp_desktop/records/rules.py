"""The shape of a rule: one declaration that says what is wrong, why, how to mend it and where that is written.

A *form* rule takes up what the field's value type complains about, a *cell* rule looks at one text that
has the right form, a *row* rule at some fields of one record, a *group* rule at all records that share a
key (duplicates), a *span* rule at sessions that take place at the same time, a *peak* rule at the highest
power of each charge point. A new rule is one entry in one of the modules `..._rules.py`; table, panel,
commands, settings and handbook take it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.roaming import RoamingIndex


class DamagedCell(NamedTuple):
    """A cell that a spreadsheet program damaged before the file arrived.

    Attributes:
        kind: what happened: "rounded" (a number of more than 15 digits), "zeros" (leading zeros probably lost), "date"
            (made from something else), "formula" (its value is what a formula showed) or "formula-without-value".
        text: what stood in the cell when it was read; once something else stands there, the damage is mended.
        repair: the text that it probably was, or None.
    """

    kind: str
    text: str
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may know beyond the sheet itself.

    Attributes:
        now: the instant that "today", "expired" and "in the future" are measured from.
        timezone: where times without offset are meant, or None when nobody has said.
        own_ids: our own provider's ids, compared without case, blanks and hyphens.
        sent: (infraProviderId, cdrId), normalised -> ISO date of the confirmed upload, from the journal.
        partner_ids: ids of the partners that we know; none when nobody has entered any, then none is missed.
        roaming: the downloaded roaming list by contract, or None when none was downloaded.
        damage: field name -> row id -> what a spreadsheet did to the cell before it arrived. The checker looks into
            this very mapping, so that rows which come in later bring theirs.
        power_before: gives the mean power, in kW, of the confirmed sessions of each charge point, by its id without
            regard to case; asked once in each check, beside the window, because the journal is read for it.
        accepted: fingerprint of an accepted warning -> the reason that was given for it (see `acceptance.py`).
        thresholds: changed thresholds by "<rule code>".
        switched_off: codes of the rules that the user switched off.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    timezone: ZoneInfo | None = None
    own_ids: tuple[str, ...] = ()
    sent: Mapping[tuple[str, str], str] = field(default_factory=dict)
    partner_ids: tuple[str, ...] = ()
    roaming: RoamingIndex | None = None
    damage: Mapping[str, Mapping[int, DamagedCell]] = field(default_factory=dict)
    power_before: Callable[[], Mapping[str, Peak]] = dict
    accepted: Mapping[str, str] = field(default_factory=dict)
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
        unit: what the threshold counts, marked for translation ("days"); "" without a threshold.
    """

    code: str
    level: Level
    title: str
    text: str
    why: str
    source: str
    threshold: float | None = None
    unit: str = ""


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
        unless: a quick look that tells a text, as typed, which is surely fine for all rules; it only saves time.
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
        unless_all: the same for many records at once, given column by column: whether all are surely fine.
    """

    reads: tuple[str, ...]
    check: Callable[[Sequence[str], Facts], Iterable[Hit]]
    unless: Callable[[Sequence[str]], bool] | None = None
    unless_all: Callable[[Sequence[Sequence[str]]], bool] | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many records share a key; more than two count as two, so that the answer rarely changes.

    Attributes:
        members: records with this key.
        varieties: different varieties among them.
        alike: members of the same variety as this record, itself included.
    """

    members: int
    varieties: int
    alike: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule(Rule):
    """A rule about records that share a key. Rules of the same `reads`, `keys` and `variety` share one index.

    Attributes:
        reads: the protocol's names of the fields it reads.
        keys: the texts of many records, column by column -> for each what it is grouped by, None when it takes no part.
        field: the protocol's name of the cell that is marked.
        applies: whether a record in such a crowd has the problem.
        variety: the texts of one record -> what tells it from others of its group; None where nothing does.
        compares: names of more fields; `variety` gets their texts after those of `reads`.
        args: the texts of one record, as for `variety` -> values for the message's placeholders.
    """

    reads: tuple[str, ...]
    keys: Callable[[Sequence[Sequence[str]]], Sequence[Hashable | None]]
    field: str
    applies: Callable[[Crowd], bool]
    variety: Callable[[Sequence[str]], Hashable] | None = None
    compares: tuple[str, ...] = ()
    args: Callable[[Sequence[str]], Mapping[str, str]] | None = None


class Peak(NamedTuple):
    """The highest measure among some records.

    Attributes:
        records: how many records there were.
        highest: the highest measure of them.
    """

    records: int
    highest: float


class Span(NamedTuple):
    """When a session was, on what.

    Attributes:
        key: what can serve one session at a time only, by its normalised id.
        start: seconds since 1970.
        end: the same; the end itself is no longer part of the session.
        group: sessions of the same group may lie over each other: they are reported otherwise, or are allowed.
    """

    key: str
    start: float
    end: float
    group: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRule(Rule):
    """A rule about two sessions that something cannot have served at the same time.

    Attributes:
        reads: the protocol's names of the fields it reads; `span` gets their texts in this order.
        field: the protocol's name of the cell that is marked.
        span: the texts of one record -> its span, None when it takes no part.
    """

    reads: tuple[str, ...]
    field: str
    span: Callable[[Sequence[str]], Span | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakRule(Rule):
    """A rule about a record whose measure stands out from what was seen of its key.

    Where enough was sent before, that is what was seen; else all other records of the table count as well.

    Attributes:
        reads: the protocol's names of the fields it reads; `measure` gets their texts in this order.
        field: the protocol's name of the cell that is marked.
        measure: (texts, facts) -> (key, measure) of one record, None when it takes no part.
        before: the facts -> by key, what was sent before.
        least: how many others there must be before one can stand out.
        args: (measure, highest of the others) -> values for the message's placeholders.
    """

    reads: tuple[str, ...]
    field: str
    measure: Callable[[Sequence[str], Facts], tuple[str, float] | None]
    before: Callable[[Facts], Mapping[str, Peak]]
    least: int
    args: Callable[[float, float], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DamageRule(Rule):
    """A rule about cells that a spreadsheet damaged before they arrived (`Facts.damage`).

    Attributes:
        damage: the kind of damage it is about, as in `DamagedCell`.
        fields: the protocol's names of the fields it applies to.
    """

    damage: str
    fields: tuple[str, ...]


def reads_of(rule: Rule, field: str) -> tuple[str, ...]:
    """The protocol's names of the fields on whose texts a rule's problem in that field depends."""
    reads: tuple[str, ...] = (field,)
    if isinstance(rule, RowRule | GroupRule | SpanRule | PeakRule):
        reads = (*rule.reads, *(rule.compares if isinstance(rule, GroupRule) else ()))
    return reads
