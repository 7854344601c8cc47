"""The checker: keeps the problems of a whole table, and renews only what an edit touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from ochp_desktop.records.column_check import ColumnCheck, RowCheck, row_checks
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.group_check import GroupCheck, group_checks
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.rulebook import rules_for
from ochp_desktop.records.rules import Facts, Rule

SLICE = 2_000


class Checker:
    """The problems of a table's rows.

    It reads the very lists in which the sheet keeps its texts, so that it is told of a change after it
    happened. It keeps nothing for a row without problems but the keys by which duplicates are found.

    Args:
        kind: what the rows are.
        columns: by field index, then by row id: the cells' texts; the sheet's own lists, not copies.
        facts: what rules may know beyond the table.
        rules: the rules to ask; None for all rules of the kind. Those that `facts` switches off are left out.
    """

    def __init__(
        self, kind: RecordKind, columns: Sequence[list[str]], facts: Facts, rules: Iterable[Rule] | None = None
    ) -> None:
        self.kind = kind
        self.facts = facts
        self.counts: Counter[str] = Counter()
        self._columns = columns
        asked = [rule for rule in (rules_for(kind) if rules is None else rules) if rule.code not in facts.switched_off]
        self._cells = [ColumnCheck(kind, position, asked, facts) for position in range(len(kind))]
        self._records: list[RowCheck] = row_checks(kind, asked, facts)
        self._groups: list[GroupCheck] = group_checks(kind, asked, columns)
        self._own: dict[int, list[Problem]] = {}
        self._found: dict[int, tuple[Problem, ...]] = {}
        self._rows: dict[str, set[int]] = {}
        self._positions = {name: position for position, name in enumerate(kind.names)}

    def check_all(self, rows: Sequence[int]) -> Iterator[int]:
        """Check the whole table anew; yields the number of rows done after each slice of about 2,000.

        Duplicates are known after the last slice only. Stopping early leaves the rows of the slices that were done.
        """
        self.counts.clear()
        self._own.clear()
        self._found.clear()
        self._rows.clear()
        for group in self._groups:
            group.clear()
        for start in range(0, len(rows), SLICE):
            part = rows[start : start + SLICE]
            self._look_at(part)
            self._settle(row for row in part if row in self._own)
            if start + SLICE >= len(rows):
                self._settle(self._settle_groups())
            yield start + len(part)

    def recheck(
        self, changed: Mapping[int, Collection[int]] | Collection[int], removed: Collection[int] = ()
    ) -> set[int]:
        """Check the rows whose cells changed or that came back or are new, and forget those that were removed.

        Args:
            changed: row ids, or a mapping whose keys are row ids.
            removed: row ids that are no longer in the table.

        Returns:
            The ids of all rows whose problems changed, those of other members of a group of duplicates included.
        """
        gone = set(removed)
        rows = [row for row in changed if row not in gone]
        touched: set[int] = {*rows, *gone}
        for row in touched:
            self._own.pop(row, None)
        for group in self._groups:
            for row in gone:
                group.leave(row)
        for start in range(0, len(rows), SLICE):
            self._look_at(rows[start : start + SLICE])
        touched |= self._settle_groups()
        return self._settle(touched)

    def problems(self, row: int) -> Sequence[Problem]:
        """All problems of the row, worst first, then in the order of the fields; () when it is fine."""
        return self._found.get(row, ())

    def at(self, row: int, field: str) -> Sequence[Problem]:
        """The problems of one cell, worst first; () when it is fine."""
        found = self._found.get(row)
        return () if found is None else tuple(problem for problem in found if problem.field == field)

    def level(self, row: int) -> Level | None:
        """The worst level of the row's problems, or None when it is fine."""
        found = self._found.get(row)
        return found[0].level if found else None

    def rows_with(self, code: str | None = None) -> list[int]:
        """Ids of the rows with a problem of that code, or with any problem; ascending."""
        return sorted(self._found if code is None else self._rows.get(code, ()))

    def together(self, row: int, code: str) -> list[int]:
        """Ids of the rows in this row's group of a group rule (duplicates), itself included; ascending."""
        for group in self._groups:
            if any(rule.code == code for rule in group.rules):
                return group.members(row)
        return []

    def all(self) -> Iterator[Problem]:
        """Every problem, by ascending row id."""
        return chain.from_iterable(self._found[row] for row in sorted(self._found))

    def _look_at(self, rows: Sequence[int]) -> None:
        """Find the problems that the rows have by themselves, and note their places in the groups."""
        found: dict[int, list[Problem]] = {}
        for cell, texts in zip(self._cells, self._columns, strict=True):
            cell.look_at(rows, texts, found)
        for record in self._records:
            record.look_at(rows, self._columns, found)
        self._own.update(found)
        for group in self._groups:
            group.join(rows)

    def _settle_groups(self) -> set[int]:
        touched: set[int] = set()
        for group in self._groups:
            touched |= group.settle()
        return touched

    def _settle(self, rows: Iterable[int]) -> set[int]:
        """Bring the answers up to date for these rows; returns those for which they changed."""
        changed = set()
        for row in rows:
            parts: list[Problem] = list(self._own.get(row, ()))
            for group in self._groups:
                parts += group.hits.get(row, ())
            if len(parts) > 1:
                parts.sort(key=lambda problem: (-problem.level, self._positions[problem.field]))
            new, old = tuple(parts), self._found.get(row, ())
            if new != old:
                changed.add(row)
                self._replace(row, old, new)
        return changed

    def _replace(self, row: int, old: tuple[Problem, ...], new: tuple[Problem, ...]) -> None:
        for problem in old:
            self.counts[problem.code] -= 1
            self._rows[problem.code].discard(row)
        for problem in new:
            self.counts[problem.code] += 1
            self._rows.setdefault(problem.code, set()).add(row)
        for code in {problem.code for problem in old}:
            if not self.counts[code]:
                del self.counts[code]
        if new:
            self._found[row] = new
        else:
            del self._found[row]
