"""The checker: keeps the problems of a whole table, and renews only what an edit touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from ochp_desktop.records.acceptance import fingerprint
from ochp_desktop.records.column_check import ColumnCheck, RowCheck, Verdict, Verdicts, row_checks
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Accepted, Level, Problem
from ochp_desktop.records.release import HasParts, release_with
from ochp_desktop.records.row_list import RowList
from ochp_desktop.records.rulebook import rule as rule_named
from ochp_desktop.records.rulebook import rules_for
from ochp_desktop.records.rules import Facts, Rule
from ochp_desktop.records.table_check import TableCheck, table_checks
from ochp_desktop.texts import _

SLICE = 500
_SHOWN_OTHERS = 3


class Checker:
    """The problems of a table's rows.

    It reads the very lists in which the sheet keeps its texts, so that it is told of a change after it
    happened. It keeps nothing for a row without problems but the keys by which duplicates are found.

    Accepted warnings are no problems: they are neither counted nor among a row's problems, but told by `accepted`.

    Args:
        kind: what the rows are.
        columns: by field index, then by row id: the cells' texts; the sheet's own lists, not copies.
        facts: what rules may know beyond the table.
        rules: the rules to ask; None for all rules of the kind. Those that `facts` switches off are left out.
        older: the checker of the same table until now; what it has learnt of the columns is kept.

    Attributes:
        counts: number of problems by rule code.
        repairable: number of problems with a repair, by rule code.
        certain: number of problems with a repair that cannot be wrong, by rule code.
        accepted_counts: number of accepted warnings, by rule code.
    """

    def __init__(
        self,
        kind: RecordKind,
        columns: Sequence[list[str]],
        facts: Facts,
        rules: Iterable[Rule] | None = None,
        older: Checker | None = None,
    ) -> None:
        self.kind = kind
        self.facts = facts
        self.counts: Counter[str] = Counter()
        self.repairable: Counter[str] = Counter()
        self.certain: Counter[str] = Counter()
        self.accepted_counts: Counter[str] = Counter()
        self._columns = columns
        asked = [rule for rule in (rules_for(kind) if rules is None else rules) if rule.code not in facts.switched_off]
        self._cells = [ColumnCheck(kind, position, asked, facts) for position in range(len(kind))]
        self._learnt = None if older is None else older._cells  # noqa: SLF001 - another one of this class
        self._records: list[RowCheck] = row_checks(kind, asked, facts)
        self._tables: list[TableCheck] = table_checks(kind, asked, columns, facts)
        self._table_of = {rule.code: table for table in self._tables for rule in table.rules}
        # Problems are made of these when somebody asks: there may be millions that nobody looks at.
        self._own: dict[int, Verdicts] = {}
        self._found: dict[int, Verdicts] = {}
        self._reasons: dict[str, str] = dict(facts.accepted)
        self._accepted: dict[int, tuple[Accepted, ...]] = {}
        self._rows: dict[str, RowList] = {}
        self._bad = RowList()
        # Rows that are to be looked at, and those whose answers may be other ones then.
        self._due: set[int] = set()
        self._unsettled: set[int] = set()
        self._positions = {name: position for position, name in enumerate(kind.names)}
        checks: Iterable[HasParts] = (*self._cells, *self._records, *self._tables)
        parts = chain.from_iterable(check.parts() for check in checks)
        release_with(self, self._own, self._found, self._accepted, self._rows, *parts)

    def check_all(self, rows: Sequence[int]) -> Iterator[int]:
        """Check the whole table anew; yields the number of rows done after each slice of about 2,000.

        Duplicates are known after the last slice only. Stopping early leaves the rows of the slices that were done.
        """
        for counter in (self.counts, self.repairable, self.certain, self.accepted_counts):
            counter.clear()
        for known in (self._own, self._found, self._accepted, self._rows):
            known.clear()
        self._bad = RowList()
        self._due, self._unsettled = set(), set()
        for position, cell in enumerate(self._cells):
            cell.clear()
            if self._learnt is not None:
                cell.take_over(self._learnt[position])
        self._learnt = None
        for table in self._tables:
            table.clear()
        for start in range(0, len(rows), SLICE):
            part = _as_range(rows[start : start + SLICE])
            self._look_at(part)
            self._settle(row for row in part if row in self._own)
            if start + SLICE >= len(rows):
                self._settle({*self._settle_columns(), *self._settle_tables()})
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
        self.put_off(changed, removed)
        return set().union(*self.catch_up())

    def put_off(self, changed: Mapping[int, Collection[int]] | Collection[int], removed: Collection[int] = ()) -> None:
        """Note rows to be checked by `catch_up`, as `recheck` takes them; until then the answers stay as they are."""
        gone = set(removed)
        touched = gone.union(changed)
        for row in self._own.keys() & touched:
            del self._own[row]
        for cell in self._cells:
            cell.forget(gone)
        for table in self._tables:
            for row in gone:
                table.leave(row)
        self._due |= touched
        self._due -= gone
        self._unsettled |= touched

    def catch_up(self) -> Iterator[set[int]]:
        """Check what was put off, slice by slice; to be begun anew when more is put off meanwhile.

        Yields the ids of all rows whose problems changed at the end, and nothing in each of the pauses before.
        """
        rows = sorted(self._due)
        for start in range(0, len(rows), SLICE):
            part = _as_range(rows[start : start + SLICE])
            self._look_at(part)
            self._due.difference_update(part)
            if start + SLICE < len(rows):
                yield set()
        self._unsettled |= self._settle_columns()
        self._unsettled |= self._settle_tables()
        if len(self._unsettled) > SLICE:
            yield set()
        touched, self._unsettled = self._unsettled, set()
        yield self._settle(touched)

    def problems(self, row: int) -> Sequence[Problem]:
        """All problems of the row, worst first, then in the order of the fields; () when it is fine."""
        found = self._found.get(row)
        return () if found is None else tuple([Problem(row, *verdict) for verdict in found])

    def at(self, row: int, field: str) -> Sequence[Problem]:
        """The problems of one cell, worst first; () when it is fine."""
        found = self._found.get(row)
        return () if found is None else tuple([Problem(row, *verdict) for verdict in found if verdict.field == field])

    def level(self, row: int) -> Level | None:
        """The worst level of the row's problems, or None when it is fine."""
        found = self._found.get(row)
        return found[0].level if found else None

    def rows_with(self, code: str | None = None) -> list[int]:
        """Ids of the rows with a problem of that code, or with any problem; ascending, and not to be changed."""
        rows = self._bad if code is None else self._rows.get(code)
        return [] if rows is None else rows.lent()

    def others(self, row: int, code: str) -> Iterable[int]:
        """Ids of the other rows that a row's problem of that code is about: its doubles, what it overlaps."""
        table = self._table_of.get(code)
        return () if table is None else table.others(row, code)

    def explained(self, problem: Problem, place: Callable[[int, str], str]) -> Problem:
        """The problem with a note that says which other rows it is about; as it is when there are none.

        Args:
            problem: one of this checker's.
            place: (row id, field name) -> what people call that cell ("D4071").
        """
        if problem.code not in self._table_of:
            return problem
        found = list(islice(self.others(problem.row, problem.code), _SHOWN_OTHERS + 1))
        if not found:
            return problem
        shown = ", ".join(place(row, problem.field) for row in sorted(found[:_SHOWN_OTHERS]))
        text = _("See {places}.") if len(found) <= _SHOWN_OTHERS else _("See {places} and others.")
        return replace(problem, note=text.format(places=shown))

    def all(self) -> Iterator[Problem]:
        """Every problem, by ascending row id."""
        return chain.from_iterable(self.problems(row) for row in sorted(self._found))

    # accepted warnings

    def accepted(self, row: int) -> Sequence[Accepted]:
        """The accepted warnings of the row."""
        return self._accepted.get(row, ())

    def all_accepted(self, code: str | None = None) -> Iterator[Accepted]:
        """Every accepted warning, or those of one rule, by ascending row id."""
        for row in sorted(self._accepted):
            for accepted in self._accepted[row]:
                if code is None or accepted.problem.code == code:
                    yield accepted

    def accept(self, problems: Iterable[Problem], reason: str) -> dict[str, str]:
        """Accept warnings and hints; errors among them stay.

        Returns:
            Fingerprint -> reason of each, to be kept and given to the next checker with its facts.
        """
        prints = {
            self.fingerprint(problem): (problem.row, reason) for problem in problems if problem.level < Level.ERROR
        }
        self._reasons.update({print_: reason for print_, (_row, reason) in prints.items()})
        self._settle({row for row, _reason in prints.values()})
        return {print_: reason for print_, (_row, reason) in prints.items()}

    def take_back(self, accepted: Iterable[Accepted]) -> list[str]:
        """Let warnings count again; returns their fingerprints, which need not be kept any longer."""
        prints = {self.fingerprint(one.problem): one.problem.row for one in accepted}
        for print_ in prints:
            self._reasons.pop(print_, None)
        self._settle(set(prints.values()))
        return list(prints)

    def fingerprint(self, problem: Problem) -> str:
        """What an accepted warning is known by as long as the texts behind it stay."""
        return fingerprint(self.kind, rule_named(problem.code), problem, self.texts(problem.row))

    def texts(self, row: int) -> list[str]:
        """The row's texts in field order."""
        return [column[row] for column in self._columns]

    # trying repairs

    def try_row(self, texts: Sequence[str], row: int = -1) -> list[Problem]:
        """The problems that a row would have by itself with these texts; nothing is changed."""
        found = [Problem(row, *v) for cell, text in zip(self._cells, texts, strict=True) for v in cell.try_text(text)]
        found += [Problem(row, *v) for record in self._records for v in record.try_texts(texts)]
        return found

    # inside

    def _look_at(self, rows: Sequence[int]) -> None:
        """Find the problems that the rows have by themselves, and note their places in the tables' indexes."""
        found: dict[int, Verdicts] = {}
        for cell, texts in zip(self._cells, self._columns, strict=True):
            cell.look_at(rows, texts, found)
        for record in self._records:
            record.look_at(rows, self._columns, found)
        self._own.update(found)
        for table in self._tables:
            table.join(rows)

    def _settle_columns(self) -> set[int]:
        """Look again at the rows that their column now reads in another way."""
        rows: set[int] = set()
        for cell in self._cells:
            rows.update(cell.redecide())
        if rows:
            for row in rows:
                self._own.pop(row, None)
            again = sorted(rows)
            for start in range(0, len(again), SLICE):
                self._look_at(again[start : start + SLICE])
        return rows

    def _settle_tables(self) -> set[int]:
        touched: set[int] = set()
        for table in self._tables:
            touched |= table.settle()
        return touched

    def _settle(self, rows: Iterable[int]) -> set[int]:
        """Bring the answers up to date for these rows; returns those for which they changed."""
        changed = set()
        before: dict[int, Verdicts] = {}
        own, found, tables = self._own, self._found, [table.hits for table in self._tables if table.hits]
        for row in rows:
            new = own.get(row, ())
            for hits in tables:
                if row in hits:
                    new = (*new, *hits[row])
            if len(new) > 1:
                new = self._in_order(new)
            if new and (self._reasons or row in self._accepted):
                new = self._without_accepted(row, new)
            elif row in self._accepted:
                self._forget_accepted(row)
            old = found.get(row, ())
            if new != old:
                changed.add(row)
                if old:
                    before[row] = old
                if new:
                    found[row] = new
                else:
                    del found[row]
        self._uncount(before)
        self._count(changed)
        self._bad.remove([row for row in before if row not in found])
        self._bad.add([row for row in changed if row in found and row not in before])
        return changed

    def _in_order(self, verdicts: Verdicts) -> Verdicts:
        """The worst first, then in the order of the fields; the same tuple where they are."""
        places = self._positions
        before = verdicts[0]
        for verdict in verdicts[1:]:
            if verdict.level > before.level or (
                verdict.level == before.level and places[verdict.field] < places[before.field]
            ):
                return tuple(sorted(verdicts, key=lambda one: (-one.level, places[one.field])))
            before = verdict
        return verdicts

    def _without_accepted(self, row: int, verdicts: Verdicts) -> Verdicts:
        self._forget_accepted(row)
        left: list[Verdict] = []
        accepted: list[Accepted] = []
        for verdict in verdicts:
            problem = Problem(row, *verdict)
            reason = None if problem.level is Level.ERROR else self._reasons.get(self.fingerprint(problem))
            if reason is None:
                left.append(verdict)
            else:
                accepted.append(Accepted(problem, reason))
        if not accepted:
            return verdicts
        self._accepted[row] = tuple(accepted)
        self.accepted_counts.update(one.problem.code for one in accepted)
        return tuple(left)

    def _forget_accepted(self, row: int) -> None:
        for one in self._accepted.pop(row, ()):
            _count_down(self.accepted_counts, one.problem.code)

    def _count(self, rows: Iterable[int]) -> None:
        """Count the problems of rows that were not counted yet, many rows at once."""
        by_code: dict[str, list[int]] = {}
        repairable: list[str] = []
        certain: list[str] = []
        for row in rows:
            for verdict in self._found.get(row, ()):
                by_code.setdefault(verdict.code, []).append(row)
                if verdict.repair is not None:
                    repairable.append(verdict.code)
                    if verdict.certain:
                        certain.append(verdict.code)
        for code, some in by_code.items():
            self.counts[code] += len(some)
            self._rows.setdefault(code, RowList()).add(set(some))
        self.repairable.update(repairable)
        self.certain.update(certain)

    def _uncount(self, before: Mapping[int, Verdicts]) -> None:
        """The same backwards: row id -> what was said of it until now."""
        by_code: dict[str, set[int]] = {}
        for row, verdicts in before.items():
            for verdict in verdicts:
                by_code.setdefault(verdict.code, set()).add(row)
                _count_down(self.counts, verdict.code)
                if verdict.repair is not None:
                    _count_down(self.repairable, verdict.code)
                    if verdict.certain:
                        _count_down(self.certain, verdict.code)
        for code, some in by_code.items():
            self._rows[code].remove(some)


def _count_down(counter: Counter[str], code: str) -> None:
    counter[code] -= 1
    if not counter[code]:
        del counter[code]


def _as_range(rows: Sequence[int]) -> Sequence[int]:
    """The same row ids, as a range where they follow each other: that is quicker to look up."""
    whole = range(rows[0], rows[0] + len(rows))
    return whole if rows[-1] == whole[-1] and list(rows) == list(whole) else rows
