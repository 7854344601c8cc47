"""Asking group rules: which rows share a key, kept up to date while the table is edited, however large a group is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

from ochp_desktop.records.column_check import Verdict, verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import picked
from ochp_desktop.records.problems import Hit
from ochp_desktop.records.rules import Crowd, GroupRule

_MANY = 2


class _Group:
    """Two or more rows with the same key.

    Attributes:
        varieties: variety -> ids of its rows.
        size: number of rows.
        unsettled: the varieties that came or went or changed since the rules were asked, and the rows that joined.
        crowd: (members, varieties), each two at most, when the rules were asked last.
    """

    __slots__ = ("crowd", "size", "unsettled", "varieties")

    def __init__(self) -> None:
        self.varieties: dict[Hashable, set[int]] = {}
        self.size = 0
        self.unsettled: dict[Hashable, set[int]] = {}
        self.crowd = (1, 1)

    def add(self, row: int, variety: Hashable) -> None:
        self.varieties.setdefault(variety, set()).add(row)
        self.size += 1
        self.unsettled.setdefault(variety, set()).add(row)

    def discard(self, row: int, variety: Hashable) -> None:
        rows = self.varieties[variety]
        rows.discard(row)
        self.size -= 1
        self.unsettled.setdefault(variety, set()).discard(row)
        if not rows:
            del self.varieties[variety]


class GroupCheck:
    """All group rules with the same keys, and the index from a key to the rows that have it.

    What a rule says of a row depends on whether the group and the row's variety have one or more members, not on how
    many: so an edit in a group of a million rows is answered for the rows it is about.

    Attributes:
        rules: the group rules.
        hits: row id -> what these rules say, for the rows that have any.
    """

    def __init__(self, kind: RecordKind, rules: Sequence[GroupRule], columns: Sequence[Sequence[str]]) -> None:
        self.rules = rules
        self.hits: dict[int, list[Verdict]] = {}
        first = rules[0]
        self._columns = columns
        self._labels = {field.name: field.label for field in kind}
        self._reads = [kind.index(name) for name in first.reads]
        self._all_reads = [*self._reads, *map(kind.index, first.compares)]
        self._keys_of = first.keys
        self._variety_of = first.variety
        # A key of one row keeps the bare row id: with a million different tokens a million sets would be in the way.
        self._index: dict[Hashable, int | _Group] = {}
        self._keys: list[Hashable | None] = []
        self._varieties: dict[int, Hashable] = {}
        self._unsettled: dict[Hashable, None] = {}
        self._touched: set[int] = set()

    def parts(self) -> Iterable[object]:
        """What grows with the table, to be let go of in slices."""
        return self.hits, self._index, self._keys, self._varieties, self._unsettled

    def clear(self) -> None:
        """Forget everything."""
        self.hits.clear()
        self._index.clear()
        self._keys.clear()
        self._varieties.clear()
        self._unsettled.clear()
        self._touched.clear()

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in under the keys that their texts give them now; a row may be in already."""
        if not rows:
            return
        keys, index = self._keys, self._index
        new_keys = self._keys_of([picked(self._columns[position], rows) for position in self._reads])
        keys.extend([None] * (max(rows) + 1 - len(keys)))
        if isinstance(rows, range):
            self._leave_all(rows)
            different = set(new_keys)
            if len(different) == len(rows) and None not in different and index.keys().isdisjoint(different):
                # A slice without duplicates: nothing has to be looked at row by row.
                keys[rows.start : rows.stop] = new_keys
                index.update(zip(new_keys, rows, strict=True))
                return
        for row, key in zip(rows, new_keys, strict=True):
            if keys[row] is not None:
                self.leave(row)
            if key is None:
                continue
            keys[row] = key
            members = index.get(key)
            if members is None:
                index[key] = row
                continue
            if not isinstance(members, _Group):
                group = _Group()
                self._add(group, members)
                index[key] = members = group
            self._add(members, row)
            self._unsettled[key] = None

    def _leave_all(self, rows: range) -> None:
        old = self._keys[rows.start : rows.stop]
        if not any(old):
            return
        if list(map(self._index.get, old)) == list(rows):
            # Each is alone under its key.
            for key in old:
                del self._index[key]
            self._keys[rows.start : rows.stop] = [None] * len(rows)
            return
        for row in rows:
            self.leave(row)

    def leave(self, row: int) -> None:
        """Take the row out of its group, if it is in one, and drop its hits."""
        key = self._keys[row] if row < len(self._keys) else None
        if key is None:
            return
        self._keys[row] = None
        members = self._index[key]
        if self.hits.pop(row, None) is not None:
            self._touched.add(row)
        if not isinstance(members, _Group):
            del self._index[key]
            return
        members.discard(row, self._varieties.pop(row))
        if members.size == 1:
            ((last,),) = members.varieties.values()
            del self._varieties[last]
            self._index[key] = last
            if self.hits.pop(last, None) is not None:
                self._touched.add(last)
            self._unsettled.pop(key, None)
        else:
            self._unsettled[key] = None

    def others(self, row: int, code: str) -> Iterable[int]:
        """Ids of the rows that a row's problem of that code is about, itself left out."""
        key = self._keys[row] if row < len(self._keys) else None
        group = None if key is None else self._index[key]
        if not isinstance(group, _Group):
            return ()
        rule = next(rule for rule in self.rules if rule.code == code)
        variety = self._varieties[row]
        if rule.applies(Crowd(_MANY, 1, _MANY)):
            return (other for other in group.varieties[variety] if other != row)
        return chain.from_iterable(rows for other, rows in group.varieties.items() if other != variety)

    def settle(self) -> set[int]:
        """Ask the rules about all groups that changed; returns the rows whose answers may have changed."""
        touched, self._touched = self._touched, set()
        for key in self._unsettled:
            group = self._index.get(key)
            if isinstance(group, _Group):
                self._settle_group(group, touched)
        self._unsettled.clear()
        return touched

    def _settle_group(self, group: _Group, touched: set[int]) -> None:
        crowd = (min(group.size, _MANY), min(len(group.varieties), _MANY))
        changed = crowd != group.crowd
        for variety in list(group.varieties) if changed else group.unsettled:
            rows = group.varieties.get(variety)
            if rows is None:
                continue
            applying = [rule for rule in self.rules if rule.applies(Crowd(*crowd, min(len(rows), _MANY)))]
            fresh = group.unsettled.get(variety, set())
            known = next((row for row in rows if row not in fresh), None) if not changed else None
            before = None if known is None else [one.code for one in self.hits.get(known, ())]
            # Where the answer for the variety stays, only the rows that joined have to be told.
            told = fresh if before == [rule.code for rule in applying] else rows
            touched.update(told)
            for row in told:
                if applying:
                    self.hits[row] = [self._verdict(rule, row) for rule in applying]
                else:
                    self.hits.pop(row, None)
        group.crowd = crowd
        group.unsettled.clear()

    def _verdict(self, rule: GroupRule, row: int) -> Verdict:
        args = rule.args(self._texts(row)) if rule.args else {}
        return verdict(rule, Hit(rule.field, args), rule.field, self._labels[rule.field])

    def _add(self, group: _Group, row: int) -> None:
        variety = None if self._variety_of is None else self._variety_of(self._texts(row))
        self._varieties[row] = variety
        group.add(row, variety)

    def _texts(self, row: int) -> list[str]:
        return [self._columns[position][row] for position in self._all_reads]


def group_checks(kind: RecordKind, rules: Sequence[object], columns: Sequence[Sequence[str]]) -> list[GroupCheck]:
    """The group rules among the rules, put together by their key."""
    families: dict[object, list[GroupRule]] = {}
    for rule in rules:
        if isinstance(rule, GroupRule):
            families.setdefault((rule.reads, rule.keys, rule.variety, rule.compares), []).append(rule)
    return [GroupCheck(kind, family, columns) for family in families.values()]
