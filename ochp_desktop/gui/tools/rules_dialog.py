"""The settings of the rules: each with its level, reason and source, a switch, and a threshold where it has one."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QLineEdit, QTableWidgetItem, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.table.cell_words import level_word
from ochp_desktop.gui.tools.panel import make_table
from ochp_desktop.jobs.rule_store import RuleChoices
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.rulebook import all_rules, rules_for
from ochp_desktop.records.rules import Rule
from ochp_desktop.texts import _, folded

_MOST = 100_000.0
_PLACEHOLDER = re.compile(r"\{[a-z]+\}")


class RulesDialog(QDialog):
    """Lists every rule; what is changed counts for one connection.

    Args:
        choices: how the rules are set now.
        connection: the connection's name, "" when there is none.
        save: called with the new choices on a yes.
        parent: the window.
    """

    def __init__(
        self,
        choices: RuleChoices,
        connection: str,
        save: Callable[[RuleChoices], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Rules"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._save = save
        self.rules = all_rules()
        self.spins: dict[str, QDoubleSpinBox] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Find a rule"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(220)
        self.search.setAccessibleName(_("Find a rule"))
        self.search.textChanged.connect(self._on_search)
        self.table = make_table(
            (_("Rule"), _("Level"), _("For"), _("Threshold"), ""), (0, 130, 160, 100, 150), _("All rules")
        )
        self._fill(choices)
        for column in (1, 2):
            self.table.resizeColumnToContents(column)
        self.table.currentCellChanged.connect(lambda row, *_rest: self._tell(row))
        self.text_label = layout.label("", wrap=True)
        self.why_label = layout.label("", "muted", wrap=True)
        self.why_label.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.why_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        about = _("What is changed here counts for the connection “{name}”.").format(name=connection)
        yes = layout.button(_("&Save"), self.accept, look="main")
        yes.setDefault(True)
        layout.dialog_layout(
            self,
            layout.row(layout.label(_("Rules"), "title"), None, self.search),
            layout.label(about if connection else _("What is changed here counts while there is no connection.")),
            self.table,
            self.text_label,
            self.why_label,
            layout.row(
                layout.button(_("Restore &defaults"), self._on_reset),
                None,
                layout.button(_("Cancel"), self.reject),
                yes,
            ),
        )
        self.accepted.connect(lambda: self._save(self.choices()))
        layout.open_at_size(self, 900, 640)
        self.table.setCurrentCell(0, 0)

    def choices(self) -> RuleChoices:
        """How the rules are set in the box."""
        off = [
            rule.code
            for line, rule in enumerate(self.rules)
            if self._item(line).checkState() == Qt.CheckState.Unchecked
        ]
        thresholds = {
            rule.code: self.spins[rule.code].value()
            for rule in self.rules
            if rule.code in self.spins and self.spins[rule.code].value() != rule.threshold
        }
        return RuleChoices(frozenset(off), thresholds)

    def _fill(self, choices: RuleChoices) -> None:
        self.table.setRowCount(len(self.rules))
        for line, rule in enumerate(self.rules):
            item = QTableWidgetItem(_(rule.title))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if rule.code in choices.off else Qt.CheckState.Checked)
            item.setToolTip(rule.code)
            level = QTableWidgetItem(icons.icon(rule.level.word), level_word(rule.level))
            self.table.setItem(line, 0, item)
            self.table.setItem(line, 1, level)
            self.table.setItem(line, 2, QTableWidgetItem(_kinds(rule)))
            if rule.threshold is not None:
                spin = QDoubleSpinBox()
                spin.setRange(0.0, _MOST)
                spin.setDecimals(0 if float(rule.threshold).is_integer() else 2)
                spin.setValue(choices.thresholds.get(rule.code, rule.threshold))
                spin.setAccessibleName(_("Threshold of “{rule}”").format(rule=_(rule.title)))
                spin.setFrame(False)
                self.spins[rule.code] = spin
                self.table.setCellWidget(line, 3, spin)
                self.table.setItem(line, 4, QTableWidgetItem(_(rule.unit)))

    def _item(self, line: int) -> QTableWidgetItem:
        item = self.table.item(line, 0)
        assert item is not None
        return item

    def _tell(self, line: int) -> None:
        rule = self.rules[max(0, line)]
        self.text_label.setText(_PLACEHOLDER.sub("…", _(rule.text)))
        self.why_label.setText(
            _("{why} Source: {source}. Code: {code}.").format(why=_(rule.why), source=_(rule.source), code=rule.code)
        )

    def _on_search(self, wanted: str) -> None:
        for line, rule in enumerate(self.rules):
            title, text = _(rule.title), _(rule.text)
            words = folded(f"{title} {rule.code} {text}")
            self.table.setRowHidden(line, folded(wanted.strip()) not in words)

    def _on_reset(self) -> None:
        for line, rule in enumerate(self.rules):
            self._item(line).setCheckState(Qt.CheckState.Checked)
            if rule.code in self.spins and rule.threshold is not None:
                self.spins[rule.code].setValue(rule.threshold)


def _kinds(rule: Rule) -> str:
    kinds = [kind for kind in KINDS.values() if any(one.code == rule.code for one in rules_for(kind))]
    return _("both") if len(kinds) > 1 else _(kinds[0].label)
