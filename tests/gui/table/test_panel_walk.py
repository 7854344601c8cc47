"""Whatever is edited, undone, repaired and accepted in any order, the panel says what a check from scratch finds."""

from __future__ import annotations

import random
from collections import Counter
from itertools import chain

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table import rechecking
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records import checker as checker_module
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.problems import Level
from ochp_desktop.records.removal import removals
from ochp_desktop.records.tokens import TOKENS
from tests.gui.table.conftest import card
from tests.records.test_checker import TOKEN_TEXTS

STEPS = 60


class Walk:
    """Does one thing after another to the sheet, chosen by chance."""

    def __init__(self, area: SheetArea, seed: int) -> None:
        self.area = area
        self.chance = random.Random(seed)
        self.reasons: dict[str, str] = {}
        area.panel.accepted.connect(self.reasons.update)
        area.panel.taken_back.connect(lambda gone: [self.reasons.pop(one, None) for one in gone])

    def step(self) -> None:
        self.chance.choice([self.type, self.type, self.type, self.rows, self.undo, self.mend, self.accept])()

    def type(self) -> None:
        sheet, chance = self.area.sheet, self.chance
        if not sheet.order:
            return
        cells = []
        for _cell in range(chance.randrange(1, 4)):
            name = chance.choice(list(TOKEN_TEXTS))
            cells.append((chance.choice(sheet.order), TOKENS.index(name), chance.choice(TOKEN_TEXTS[name])))
        sheet.apply(sheet.set_cells("Type", cells))

    def rows(self) -> None:
        sheet, chance = self.area.sheet, self.chance
        if chance.random() < 0.5 or not sheet.order:
            new = [card(chance.randrange(8), expiryDate=chance.choice(TOKEN_TEXTS["expiryDate"]))]
            sheet.apply(sheet.insert_rows("Insert", chance.randrange(len(sheet) + 1), new))
        else:
            sheet.apply(sheet.remove_rows("Delete", [chance.choice(sheet.order)]))

    def undo(self) -> None:
        sheet = self.area.sheet
        if self.chance.random() < 0.7 and sheet.can_undo:
            sheet.undo()
        elif sheet.can_redo:
            sheet.redo()

    def mend(self) -> None:
        codes = list(self.area.panel.cards)
        if not codes:
            return
        code = self.chance.choice(codes)
        if self.chance.random() < 0.8:
            self.area.panel.mending.repair_all(code)
        else:
            rows = [one.problem.row for one in removals(self.area.checker, code) if one is not None]
            self.area.sheet.apply(self.area.sheet.remove_rows("Take out", rows))

    def accept(self) -> None:
        panel, checker = self.area.panel, self.area.checker
        taken = list(checker.all_accepted())
        if taken and self.chance.random() < 0.3:
            panel._take_back(taken)
            return
        codes = [code for code, one in panel.cards.items() if one.rule.level < Level.ERROR]
        if codes:
            panel.accept(self.chance.choice(codes), "so it is", True)


@pytest.mark.parametrize("in_turns", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_a_walk_by_chance(
    area: SheetArea, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, seed: int, in_turns: bool
) -> None:
    if in_turns:
        monkeypatch.setattr(rechecking, "_AT_ONCE", 0)
        monkeypatch.setattr(rechecking, "_TURN_SECONDS", 0.0)
        monkeypatch.setattr(checker_module, "SLICE", 1)
    walk = Walk(area, seed)
    for _step in range(STEPS):
        walk.step()
        if in_turns and walk.chance.random() < 0.5:
            qapp.processEvents()
    qtbot.waitUntil(lambda: not area.panel._renewing.isActive() and not area.model.is_behind)
    qtbot.waitUntil(lambda: not area.panel._renewing.isActive())
    checker, sheet = area.checker, area.sheet
    facts = type(checker.facts)(now=checker.facts.now, accepted=walk.reasons)
    fresh = Checker(sheet.kind, sheet.columns, facts, older=checker)
    list(fresh.check_all(list(sheet.order)))
    assert sorted(map(repr, checker.all())) == sorted(map(repr, fresh.all()))
    assert sorted(map(repr, checker.all_accepted())) == sorted(map(repr, fresh.all_accepted()))
    assert checker.counts == fresh.counts
    assert checker.accepted_counts == fresh.accepted_counts
    counted = Counter(problem.code for problem in chain.from_iterable(map(fresh.problems, sheet.order)))
    shown = {code: one.head._count for code, one in area.panel.cards.items()}
    assert shown == dict(counted)
    errors = sum(count for code, count in counted.items() if area.panel.cards[code].rule.level is Level.ERROR)
    assert area.panel.totals[Level.ERROR].isVisible() == (errors > 0)
