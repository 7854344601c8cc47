"""What becomes of a file's rows: a list of its own, or rows of the open list, in one of four ways."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.jobs.import_file import Imported
from ochp_desktop.jobs.import_merge import Merge, Way
from ochp_desktop.jobs.import_proposal import Proposal
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number


class Ways(QWidget):
    """A choice of the ways that are possible, and beside it what the chosen one does; hidden where there is one only.

    Signals:
        chosen: another way was chosen.
    """

    chosen = Signal()

    def __init__(self, open_sheet: Sheet | None, wanted: Way, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open_sheet = open_sheet
        self._wanted = wanted
        self.box = QComboBox()
        self.box.setAccessibleName(_("What becomes of the rows"))
        self.box.activated.connect(lambda _index: self.chosen.emit())
        self.label = layout.label("", "muted", wrap=True)
        row = layout.row(self.box, self.label)
        row.setStretch(1, 1)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)

    @property
    def way(self) -> Way:
        """The chosen one."""
        found = self.box.currentData()
        return found if isinstance(found, Way) else Way.NEW

    @property
    def updating(self) -> bool:
        """Whether rows of the open list keep what the file says nothing about."""
        return self.way in {Way.UPDATE, Way.MENDED}

    def show_proposal(self, proposal: Proposal) -> None:
        """Offer the ways that fit the file; the one chosen before stays where it can."""
        sheet = self._open_sheet
        fits = sheet is not None and len(sheet) > 0 and sheet.kind is proposal.kind
        chosen = self.way if self.box.count() else self._wanted
        self.box.clear()
        self.box.addItem(_("Open as a list of its own"), Way.NEW)
        if fits:
            key = ", ".join(proposal.kind.field(name).title() for name in proposal.kind.key)
            if proposal.row_keys:
                self.box.addItem(_("Take the corrected rows back"), Way.MENDED)
            self.box.addItem(_("Update the open list by {key}").format(key=key), Way.UPDATE)
            self.box.addItem(_("Add to the open list"), Way.APPEND)
            self.box.addItem(_("Replace the rows of the open list"), Way.REPLACE)
        ways = [self.box.itemData(at) for at in range(self.box.count())]
        self.box.setCurrentIndex(ways.index(chosen) if chosen in ways else 0)
        self.setVisible(fits)

    def show_merge(self, merge: Merge | None) -> None:
        """Say what happens to the open list."""
        self.label.setText(merge_text(merge) if merge is not None else "")

    def words(self, imported: Imported, merge: Merge | None) -> str:
        """What the button says that does it."""
        if merge is not None and self.updating:
            count = len(merge.changed) + len(merge.new)
            return ngettext("&Update {count} row", "&Update {count} rows", count).format(count=number(count))
        count = len(imported.sheet)
        if self.way is Way.APPEND:
            return ngettext("&Add {count} row", "&Add {count} rows", count).format(count=number(count))
        if self.way is Way.REPLACE:
            return ngettext("&Replace by {count} row", "&Replace by {count} rows", count).format(count=number(count))
        return ngettext("&Open {count} row", "&Open {count} rows", count).format(count=number(count))


def merge_text(merge: Merge) -> str:
    """What happens to the open list, in one sentence."""
    parts: Sequence[tuple[int, str]] = (
        (merge.removed, _("{count} removed")),
        (len(merge.new), _("{count} new")),
        (len(merge.changed), _("{count} changed")),
        (merge.untouched, _("{count} the same")),
        (merge.unnamed, _("{count} not in the file stay")),
        (len(merge.unclear), _("{count} left out")),
    )
    return ", ".join(text.format(count=number(count)) for count, text in parts if count) or _("nothing changes")
