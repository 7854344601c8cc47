"""The menu of small tools: which there are, and what ties them and the problems panels to the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ochp_desktop.gui.session import STORE, Session
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.tab import Tab
from ochp_desktop.gui.tools.card_panel import CardPanel
from ochp_desktop.gui.tools.contract_panel import ContractPanel
from ochp_desktop.gui.tools.expiry_panel import ExpiryPanel
from ochp_desktop.gui.tools.rules_dialog import RulesDialog
from ochp_desktop.jobs.rule_store import RuleChoices
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.texts import _

AddAction = Callable[[QMenu, str, Callable[[], object], str, str], QAction]


class Tools(QObject):
    """Makes each panel when it is first wanted, and keeps what people decide about rules and warnings.

    Args:
        window: over which panels open.
        session: whose store is asked.
        tabs: the window's tabs; those with sheets are followed.
    """

    def __init__(self, window: QWidget, session: Session, tabs: Sequence[Tab]) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._tabs = [tab for tab in tabs if isinstance(tab, SheetTab)]
        self.card_panel: CardPanel | None = None
        self.contract_panel: ContractPanel | None = None
        self.expiry_panel: ExpiryPanel | None = None
        self.rules_dialog: RulesDialog | None = None
        for tab in self._tabs:
            tab.area.panel.accepted.connect(self._on_accepted)
            tab.area.panel.taken_back.connect(self._on_taken_back)
            tab.area.panel.export_wanted.connect(tab.report_action.trigger)

    def fill(self, menu: QMenu, add: AddAction) -> None:
        """Put the tools into their menu."""
        add(menu, _("&Will this card work?…"), self.show_card, "Ctrl+Shift+W", "card")
        add(menu, _("Card &doctor…"), self.show_card, "Ctrl+Shift+D", "search")
        add(menu, _("&Contract id completer…"), self.show_contracts, "Ctrl+Shift+I", "check")
        add(menu, _("&Expiry radar…"), self.show_expiry, "Ctrl+Shift+X", "warning")
        menu.addSeparator()
        add(menu, _("&Rules…"), self.show_rules, "Ctrl+Shift+R", "settings")

    def show_card(self) -> None:
        """Open the card doctor."""
        if self.card_panel is None:
            tab = self._tokens()
            self.card_panel = CardPanel(self._session, lambda: tab.area.sheet, self._window)
        self.card_panel.bring_up()

    def show_contracts(self) -> None:
        """Open the contract id completer."""
        if self.contract_panel is None:
            self.contract_panel = ContractPanel(self._window)
        self.contract_panel.bring_up()

    def show_expiry(self) -> None:
        """Open the expiry radar."""
        if self.expiry_panel is None:
            self.expiry_panel = ExpiryPanel(self._tokens().area, self._window)
        self.expiry_panel.bring_up()

    def show_rules(self) -> None:
        """Open the settings of the rules."""
        workplace, name = self._session.workplace, self._connection()
        if workplace is None:
            return

        def on_result(choices: RuleChoices) -> None:
            self.rules_dialog = RulesDialog(choices, name, lambda new: self._save_choices(name, new), self._window)
            self.rules_dialog.open()

        self._session.runner.call(
            lambda: workplace.rules.choices(name), lane=STORE, on_result=on_result, on_error=self._session.failed.emit
        )

    def _tokens(self) -> SheetTab:
        return next(tab for tab in self._tabs if tab.kind is TOKENS)

    def _connection(self) -> str:
        profile = self._session.profile
        return profile.name if profile is not None else ""

    def _save_choices(self, name: str, choices: RuleChoices) -> None:
        workplace = self._session.workplace
        if workplace is not None:
            self._store(lambda: workplace.rules.save_choices(name, choices), self._check_again)

    def _check_again(self) -> None:
        for tab in self._tabs:
            tab.check_again()

    def _on_accepted(self, accepted: Mapping[str, str]) -> None:
        workplace = self._session.workplace
        if workplace is not None:
            self._store(lambda: workplace.rules.accept(accepted))

    def _on_taken_back(self, fingerprints: Sequence[str]) -> None:
        workplace = self._session.workplace
        if workplace is not None:
            self._store(lambda: workplace.rules.take_back(fingerprints))

    def _store(self, do: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        """Do something with the store beside the window."""

        def on_result(_nothing: None) -> None:
            if then is not None:
                then()

        self._session.runner.call(do, lane=STORE, on_result=on_result, on_error=self._session.failed.emit)
