"""The window: practice band, connection line, tabs, strips of running jobs and status line, with menus over all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import ask, icons, layout, theme
from ochp_desktop.gui.connection_line import ConnectionLine
from ochp_desktop.gui.crash import CrashReporter
from ochp_desktop.gui.dialogs import Dialogs
from ochp_desktop.gui.finder import Finder, Hit, Search
from ochp_desktop.gui.first_start import FirstStart
from ochp_desktop.gui.handbook import FIRST_CHAPTER
from ochp_desktop.gui.language import LanguageMenu
from ochp_desktop.gui.menus import Menus, actions_within, single_actions
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.session import Session, SignIn
from ochp_desktop.gui.strips import StripArea
from ochp_desktop.gui.tab import Tab
from ochp_desktop.gui.tab_bar import TabBar
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.tools.tools import Tools
from ochp_desktop.gui.worker import JobRunner
from ochp_desktop.jobs.practice import scenario_title
from ochp_desktop.texts import N_, _, folded

APP_TITLE = "OCHP Desktop"
_FIRST_SIZE = (1280, 800)
_MODES: tuple[tuple[theme.Mode, str], ...] = (
    ("system", N_("As the &system")),
    ("light", N_("&Light")),
    ("dark", N_("&Dark")),
)

MakeTabs = Callable[[Session, JobRunner], Sequence[Tab]]


def window_settings(data_dir: Path) -> QSettings:
    """What the window remembers of itself: size, columns, colours, language."""
    return QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)


class MainWindow(QMainWindow):
    """Everything a user sees; opens no file and calls nobody before it is shown."""

    def __init__(self, data_dir: Path, make_tabs: MakeTabs) -> None:
        super().__init__()
        self.data_dir = data_dir
        self.settings = window_settings(data_dir)
        self.runner = JobRunner(self)
        self.session = Session(data_dir, self.runner, self)
        self.reporter = CrashReporter(data_dir, self)
        self.reporter.window = self
        self.runner.crashed.connect(self.reporter.report)
        self.dialogs = Dialogs(self, self.session, self.runner, data_dir)
        self.tabs = list(make_tabs(self.session, self.runner))
        self._closing = False
        self._asked_password = False
        self.setWindowIcon(icons.icon("app"))
        self.setAcceptDrops(True)
        self._build()
        self._build_menus()
        self.session.opened.connect(self._on_opened)
        self.session.changed.connect(self._on_session_changed)
        self.session.failed.connect(self._on_session_failed)
        self._restore_geometry()
        self.show_tab(0)
        self._on_title_changed()

    # building

    def _build(self) -> None:
        self.practice_band = QWidget()
        self.practice_band.setProperty("look", "practice")
        self.practice_band.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.scenario_label = layout.label()
        band = layout.row(
            layout.label(_("Practice clearing house")),
            layout.label(_("nothing you do here leaves this computer")),
            None,
            self.scenario_label,
            spacing=4 * SPACING,
        )
        band.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        self.practice_band.setLayout(band)
        self.practice_band.hide()
        self.finder = Finder(self._searches)
        self.connection_line = ConnectionLine(self.session, self.finder)
        self.connection_line.new_wanted.connect(self.dialogs.new_connection)
        self.connection_line.edit_wanted.connect(self.dialogs.change_connection)
        self.connection_line.password_wanted.connect(self.dialogs.enter_password)
        self.tab_bar = TabBar()
        self.pages = QStackedWidget()
        for index, tab in enumerate(self.tabs):
            self.tab_bar.add(tab.title)
            self.pages.addWidget(tab)
            tab.count_changed.connect(partial(self._on_count_changed, index))
            tab.status_changed.connect(self._on_status_changed)
            tab.come_forward.connect(partial(self.show_tab, index))
            tab.wants_connection.connect(self.dialogs.new_connection)
            tab.wants_password.connect(self.dialogs.enter_password)
            self._on_count_changed(index)
        self.tab_bar.currentChanged.connect(self._on_tab_changed)
        bar = layout.row(self.tab_bar)
        bar.setContentsMargins(2 * SPACING, 0, 0, 0)
        self.work = QWidget()
        self.work.setLayout(layout.column(bar, self.pages, spacing=0))
        self.first_start = FirstStart()
        self.first_start.practice_wanted.connect(self.session.practise)
        self.first_start.connection_wanted.connect(self.dialogs.new_connection)
        self.first_start.files_wanted.connect(self._on_files_wanted)
        self.screens = QStackedWidget()
        self.screens.addWidget(QWidget())  # blank until the store says whether this is a first start
        self.screens.addWidget(self.first_start)
        self.screens.addWidget(self.work)
        self.notice = Notice()
        self.strips = StripArea(self.runner)
        self.left_label = layout.label("", "muted")
        self.right_label = layout.label("", "muted")
        status = layout.row(self.left_label, None, self.right_label)
        status.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        self.status_line = QWidget()
        self.status_line.setLayout(status)
        self.status_line.setAccessibleName(_("Status"))
        whole = QWidget()
        column = layout.column(
            self.practice_band,
            self.connection_line,
            self.screens,
            self.notice,
            self.strips,
            self.status_line,
            spacing=0,
        )
        column.setStretch(2, 1)
        whole.setLayout(column)
        self.setCentralWidget(whole)

    def _build_menus(self) -> None:
        self.menus = menus = Menus(self)
        view, connection = menus.view, menus.connection
        for index, tab in enumerate(self.tabs):
            menus.add(view, f"&{index + 1}  {tab.title}", partial(self.show_tab, index), f"Ctrl+{index + 1}")
        view.addSeparator()
        menus.add(view, _("&Find anything…"), self.finder.begin, "Ctrl+K")
        menus.add(view, _("Next a&rea"), lambda: self._walk(1), "F6")
        menus.add(view, _("Pre&vious area"), lambda: self._walk(-1), "Shift+F6")
        view.addSeparator()
        looks = view.addMenu(_("&Colours"))
        group = QActionGroup(self)
        now = self.settings.value("look", "system")
        for mode, text in _MODES:
            one = QAction(_(text), group, checkable=True)
            one.setChecked(mode == now)
            one.triggered.connect(lambda _checked=False, mode=mode: self.use_look(mode))
            looks.addAction(one)
        self.language_menu = LanguageMenu(self.settings, self.notice, view)
        view.addMenu(self.language_menu)
        menus.add(connection, _("&Sign in again"), self.session.sign_in_again, "Ctrl+Shift+S", "connection")
        menus.add(connection, _("&New connection…"), self.dialogs.new_connection, "Ctrl+Shift+N", "new")
        menus.add(connection, _("&Change connection…"), self.dialogs.change_connection, "Ctrl+Shift+E", "settings")
        menus.add(connection, _("&Practice clearing house"), self.session.practise, "Ctrl+Shift+P", "practice")
        self.scenario_action = menus.add(
            connection, _("Practise with &faults…"), self.dialogs.show_scenarios, "Ctrl+Shift+F", "practice"
        )
        self.scenario_action.setEnabled(False)
        connection.addSeparator()
        menus.add(connection, _("P&artners…"), self.dialogs.show_partners, "Ctrl+Shift+A", "partners")
        self.tools = Tools(self, self.session, self.tabs)
        self.tools.fill(menus.tools, menus.add)
        menus.add(menus.help, _("&Handbook"), self.show_handbook, "F1")
        menus.add(menus.help, _("&Keyboard shortcuts"), self.show_shortcuts, "Ctrl+F1")
        menus.add(menus.help, _("&About OCHP Desktop"), self.dialogs.show_about, "Shift+F1")

    # tabs

    @property
    def tab(self) -> Tab:
        """The tab in front."""
        return self.tabs[self.pages.currentIndex()]

    def show_tab(self, index: int) -> None:
        """Bring a tab to the front."""
        self.tab_bar.setCurrentIndex(index)
        self._on_tab_changed(index)

    def _on_tab_changed(self, index: int) -> None:
        self.pages.setCurrentIndex(index)
        self.menus.show_tab(self.tab.file_menu(), self.tab.edit_menu())
        self._on_status_changed()

    def _on_count_changed(self, index: int) -> None:
        self.tab_bar.set_count(index, self.tabs[index].count())

    def _on_status_changed(self) -> None:
        left, right = self.tab.status() if self.screens.currentWidget() is self.work else ("", "")
        self.left_label.setText(left)
        self.right_label.setText(right)

    # session

    def _on_opened(self) -> None:
        notices = self.session.workplace.notices if self.session.workplace is not None else []
        if notices:
            self.notice.warn(" ".join(notices))
        else:
            self.notice.clear()

    def _on_session_changed(self) -> None:
        first = self.session.profile is None and not self.session.profiles
        staying = self.screens.currentWidget() is self.work and self.session.profile is None
        self.screens.setCurrentWidget(self.first_start if first and not staying else self.work)
        if self.screens.currentWidget() is self.first_start:
            self.first_start.practice_button.setFocus()
        self.practice_band.setVisible(self.session.practising)
        run = self.session.practice_run
        self.scenario_action.setEnabled(run is not None)
        fault = run.scenario if run is not None else ""
        self.scenario_label.setText(_("with the fault: {name}").format(name=scenario_title(fault)) if fault else "")
        self._on_title_changed()
        self._on_status_changed()
        missing = self.session.state is SignIn.NO_PASSWORD
        if missing and not self._asked_password:
            self.dialogs.enter_password()
        self._asked_password = missing

    def _on_title_changed(self) -> None:
        profile = self.session.profile
        self.setWindowTitle(f"{profile.name} — {APP_TITLE}" if profile else APP_TITLE)

    def _on_session_failed(self, error: OchpError) -> None:
        if self.screens.currentIndex() == 0:
            self.screens.setCurrentWidget(self.first_start)
        self.notice.error(error)

    def _on_files_wanted(self) -> None:
        self.screens.setCurrentWidget(self.work)
        self._on_status_changed()

    def show_handbook(self) -> None:
        """Open the handbook at the chapter about what is in front."""
        working = self.screens.currentWidget() is self.work
        self.dialogs.show_handbook(self.tab.chapter if working else FIRST_CHAPTER)

    def show_shortcuts(self) -> None:
        """Show every shortcut."""
        self.dialogs.show_shortcuts([(menu.title(), list(actions_within(menu))) for menu in self.menus.all()])

    def use_look(self, mode: theme.Mode) -> None:
        """Light, dark, or as the system; kept for the next start."""
        self.settings.setValue("look", mode)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, mode)

    # finding

    def _searches(self) -> Iterable[Search]:
        yield self._search_actions
        for tab in self.tabs:
            yield from tab.searches()

    def _search_actions(self, wanted: str) -> Iterator[Hit | None]:
        asked, known = folded(wanted), set[str]()
        for action, tab in self._orders():
            words = action.text().replace("&", "").strip()
            if words in known:
                continue
            known.add(words)
            if asked in folded(words) and action.isEnabled():
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                if tab is None:
                    yield Hit(words, _("Commands"), keys, "command", action.trigger)
                else:
                    yield Hit(words, _("Commands"), tab.title, "command", partial(self._do_in, tab, action))

    def _orders(self) -> Iterator[tuple[QAction, Tab | None]]:
        """What the menus offer now, then what they offer when another tab is in front, with that tab."""
        for menu in self.menus.all():
            yield from ((action, None) for action in actions_within(menu) if not action.isSeparator())
        for tab in self.tabs:
            if tab is not self.tab:
                offered = (*tab.file_menu(), *tab.edit_menu())
                yield from ((one, tab) for action in offered if action is not None for one in single_actions(action))

    def _do_in(self, tab: Tab, action: QAction) -> None:
        self.show_tab(self.tabs.index(tab))
        action.trigger()

    # keyboard

    def _walk(self, step: int) -> None:
        areas: list[QWidget] = [self.connection_line.profile_button]
        if self.screens.currentWidget() is self.work:
            areas += [self.tab_bar, *self.tab.areas()]
        else:
            areas += [self.first_start.practice_button]
        focused = self.focusWidget()
        here = next(
            (place for place, area in enumerate(areas) if focused in (area, *area.findChildren(QWidget))),
            -1 if step > 0 else 0,
        )
        for further in range(1, len(areas) + 1):
            target = focus_target(areas[(here + step * further) % len(areas)])
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # another start of the program

    def on_started_again(self, asked: dict[str, object]) -> None:
        """Somebody started the program once more: here it is."""
        self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()
        profile = asked.get("profile")
        if asked.get("practice"):
            self.session.practise()
        elif isinstance(profile, str) and (self.session.profile is None or self.session.profile.name != profile):
            self.session.use_named(profile)

    # files that are dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Give dropped files to the tab in front."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._on_files_wanted()
            self.tab.open_files(paths)

    # closing

    def _restore_geometry(self) -> None:
        kept = self.settings.value("geometry")
        if not isinstance(kept, QByteArray) or not self.restoreGeometry(kept):
            layout.open_at_size(self, *_FIRST_SIZE)
        for name, area in self._remembered():
            columns = self.settings.value(f"table/{name}")
            if isinstance(columns, QByteArray):
                area.restore_state(bytes(columns.data()))

    def _remembered(self) -> Iterator[tuple[str, SheetArea]]:
        for tab in self.tabs:
            yield from tab.remembered().items()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, in order; ask first when something is on its way to the clearing house."""
        sending = [running for running in self.runner.jobs if running.sends]
        if sending and not self._closing:
            event.ignore()
            ask.ask(
                self,
                _("Stop the upload?"),
                _(
                    "“{title}” is still running. If you close now it is stopped; "
                    "what left this computer is remembered and can be settled later."
                ).format(title=sending[0].title),
                yes=_("Stop it and close"),
                no=_("Keep running"),
                on_yes=self._on_close_confirmed,
            )
            return
        keeper = self.session.keeper
        if keeper is not None and keeper.trouble is not None and not self._closing:
            event.ignore()
            ask.ask(
                self,
                _("Close without your last changes?"),
                _("What you changed last is not on disk yet and would be lost. {reason}").format(
                    reason=keeper.trouble.text
                ),
                yes=_("Close without them"),
                no=_("Keep open"),
                on_yes=self._on_close_confirmed,
            )
            return
        self.settings.setValue("geometry", self.saveGeometry())
        for name, area in self._remembered():
            self.settings.setValue(f"table/{name}", QByteArray(area.save_state()))
        self.runner.close()
        self.session.close()
        super().closeEvent(event)

    def _on_close_confirmed(self) -> None:
        self._closing = True
        self.close()


def focus_target(area: QWidget) -> QWidget | None:
    """Where in an area the keyboard goes: itself, or the first thing in it that takes keys."""
    for widget in (area, *area.findChildren(QWidget)):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
    return None
