"""A second start of the program brings the first window to the front."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.single_instance import SingleInstance
from ochp_desktop.gui.window import MainWindow

QUESTION = {"practice": True, "profile": None}


def send(name: str, data: bytes) -> QLocalSocket:
    """What a second process would do, without waiting: the first one answers from its event loop."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    socket.write(data)
    socket.flush()
    return socket


def test_the_first_is_asked_by_the_second(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim(QUESTION)
    with qtbot.waitSignal(first.asked) as asked:
        socket = send(first.name, json.dumps(QUESTION).encode() + b"\n")
    qtbot.waitUntil(lambda: socket.bytesAvailable() > 0)
    assert asked.args == [QUESTION]
    first.release()


def test_another_folder_has_its_own_window(qapp: QApplication, tmp_path: Path) -> None:
    one, two = SingleInstance(tmp_path / "one"), SingleInstance(tmp_path / "two")
    assert one.claim({})
    assert two.claim({})
    one.release()
    two.release()


def test_a_socket_left_behind_by_a_killed_program_is_taken_over(qapp: QApplication, tmp_path: Path) -> None:
    dead, living = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert dead.claim({})
    path = Path(dead._server.fullServerName())
    kept = path.with_name("kept")
    path.rename(kept)
    dead.release()
    kept.rename(path)
    assert path.exists()
    assert living.claim({})
    living.release()


def test_nonsense_is_no_question(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim({})
    asked: list[object] = []
    first.asked.connect(asked.append)
    sockets = [send(first.name, data) for data in (b"nonsense\n", b"[1]\n", b"x" * 50_000)]
    qtbot.waitUntil(lambda: sockets[0].bytesAvailable() > 0)
    with qtbot.waitSignal(first.asked):
        sockets.append(send(first.name, b'{"profile": 3}\n'))
    assert asked == [{"practice": False, "profile": 3}]
    first.release()
    QLocalServer.removeServer(first.name)


def test_the_window_comes_to_the_front(new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path) -> None:
    window = new_window(tmp_path)
    window.showMinimized()
    window.on_started_again({"practice": False, "profile": None})
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()
