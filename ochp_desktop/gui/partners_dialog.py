"""The list of roaming partners: whose tokens and records are accepted."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ochp_desktop.gui import layout
from ochp_desktop.gui.form import Form, HubField
from ochp_desktop.gui.lines import dress
from ochp_desktop.gui.session import Session
from ochp_desktop.records.partners import Partner
from ochp_desktop.texts import _


class PartnersDialog(layout.GrowingDialog):
    """Lists, adds and removes partners; every change counts at once."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, suggested: str = "") -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Partners"))
        layout.open_at_size(self, 640, 480)
        why = layout.label(
            _("Tokens and records of providers that are not in this list are marked and left out of totals and files."),
            "muted",
            wrap=True,
        )
        self.table = QTableWidget(0, 4)
        self.table.setHorizontalHeaderLabels([_("Provider id"), _("Name"), _("Hub"), _("Contract ids begin with")])
        dress(self.table, _("Partners"))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.setColumnWidth(0, 150)
        self.table.setColumnWidth(1, 190)
        self.table.setColumnWidth(2, 70)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.remove_button = layout.button(_("&Remove"), self._on_remove_clicked)
        self.id_edit = QLineEdit(suggested)
        self.id_edit.setPlaceholderText(_("as in records, or as in contract ids: NL-ESS"))
        self.name_edit = QLineEdit()
        self.hub_edit = HubField()
        self.prefixes_edit = QLineEdit()
        self.prefixes_edit.setPlaceholderText("NL-ESS, NL-TNM")
        self.form = Form()
        self.form.heading(_("Add a partner"))
        self.form.add("id", _("Provider &id"), self.id_edit)
        self.form.add("name", _("&Name"), self.name_edit)
        self.form.add("hub", _("&Hub number"), self.hub_edit)
        self.form.add("prefixes", _("Contract ids &begin with"), self.prefixes_edit)
        self.add_button = layout.button(_("&Add partner"), self._on_add_clicked, look="main")
        self.close_button = layout.button(_("Close"), self.accept)
        layout.dialog_layout(
            self,
            why,
            self.table,
            layout.row(self.remove_button, None),
            self.form,
            layout.row(None, self.close_button, self.add_button),
        )
        session.partners_changed.connect(self.refresh)
        self.refresh()
        self.id_edit.setFocus()

    def refresh(self) -> None:
        """Show the partners as they are now."""
        partners = sorted(self._session.partners, key=lambda partner: partner.provider_id.casefold())
        self.table.setRowCount(len(partners))
        for row, partner in enumerate(partners):
            hub = "" if partner.hub is None else str(partner.hub)
            for column, text in enumerate((partner.provider_id, partner.name, hub, ", ".join(partner.prefixes))):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        self.remove_button.setEnabled(bool(self.table.selectionModel().selectedRows()))

    def _on_remove_clicked(self) -> None:
        chosen = [str(index.data()) for index in self.table.selectionModel().selectedRows(0)]
        self._session.change_partners(remove=chosen)

    def _on_add_clicked(self) -> None:
        provider_id = self.id_edit.text().strip()
        if not provider_id:
            self.form.complain([("id", _("Type the provider id, as it is written in records or contract ids."))])
            return
        self.form.complain([])
        hub = self.hub_edit.hub()
        prefixes = tuple(part.strip() for part in self.prefixes_edit.text().split(",") if part.strip())
        self._session.change_partners(
            add=[Partner(provider_id, self.name_edit.text().strip() or provider_id, hub, prefixes)]
        )
        for edit in (self.id_edit, self.name_edit, self.hub_edit, self.prefixes_edit):
            edit.clear()
        self.id_edit.setFocus()
