"""Jobs run beside the window; their progress and their one outcome arrive in the window's thread."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.crash_log import crash_text
from ochp_desktop.errors import ConnectionFailed, OchpError
from ochp_desktop.gui.crash import CrashReporter
from ochp_desktop.gui.worker import JobRunner, Running
from ochp_desktop.jobs.job import Cancel, Job, Progress


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    assert made.close()


def outcomes(running: Running) -> list[str]:
    seen: list[str] = []
    running.succeeded.connect(lambda _value: seen.append("succeeded"))
    running.failed.connect(lambda _error: seen.append("failed"))
    running.cancelled.connect(lambda: seen.append("cancelled"))
    running.crashed.connect(lambda _error: seen.append("crashed"))
    running.ended.connect(lambda: seen.append("ended"))
    return seen


def counting(n: int) -> Any:
    def job(_cancel: Cancel) -> Job[int]:
        for done in range(n):
            yield Progress("counting", done + 1, n, {done: "sent"})
        return n

    return job


def until_stopped(begun: threading.Event) -> Any:
    def job(cancel: Cancel) -> Job[None]:
        yield Progress("waiting")
        woken = threading.Event()
        cancel.on_set(woken.set)
        begun.set()
        woken.wait()
        cancel.check()

    return job


def test_a_result_arrives_once_in_the_windows_thread_after_the_last_progress(runner: JobRunner, qtbot: QtBot) -> None:
    events: list[Any] = []
    threads: set[QThread] = set()

    def on_progress(progress: Progress) -> None:
        threads.add(QThread.currentThread())
        events.append(progress.done)

    def on_result(value: int) -> None:
        threads.add(QThread.currentThread())
        events.append(("result", value))

    running = runner.start("Counting", counting(5000), on_progress=on_progress, on_result=on_result)
    seen = outcomes(running)
    with qtbot.waitSignal(running.ended):
        pass
    assert events[-2:] == [5000, ("result", 5000)]
    assert seen == ["succeeded", "ended"]
    assert threads == {QApplication.instance().thread()}
    assert runner.jobs == []


def test_progress_is_thinned_out_but_no_state_is_lost(runner: JobRunner, qtbot: QtBot) -> None:
    states: dict[int, str] = {}
    steps: list[int] = []
    running = runner.start(
        "Counting",
        counting(20_000),
        on_progress=lambda progress: (states.update(progress.states), steps.append(progress.done)),
    )
    with qtbot.waitSignal(running.ended):
        pass
    assert len(states) == 20_000
    assert len(steps) < 200


def test_an_error_for_people_is_handed_over_and_is_no_crash(runner: JobRunner, qtbot: QtBot) -> None:
    def job(_cancel: Cancel) -> Job[None]:
        yield Progress("calling")
        raise ConnectionFailed("No answer", "The house does not answer.")

    errors: list[OchpError] = []
    crashes: list[object] = []
    runner.crashed.connect(crashes.append)
    running = runner.start("Calling", job, on_error=errors.append)
    seen = outcomes(running)
    with qtbot.waitSignal(running.ended):
        pass
    assert [error.title for error in errors] == ["No answer"]
    assert seen == ["failed", "ended"]
    assert crashes == []


def test_stopping_wakes_a_waiting_job(runner: JobRunner, qtbot: QtBot) -> None:
    begun = threading.Event()
    running = runner.start("Waiting", until_stopped(begun))
    seen = outcomes(running)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(running.ended):
        running.stop()
    assert seen == ["cancelled", "ended"]


def test_jobs_of_one_lane_do_not_overlap(runner: JobRunner, qtbot: QtBot) -> None:
    begun = threading.Event()
    order: list[str] = []
    first = runner.start("First", until_stopped(begun), lane="house", on_end=lambda: order.append("first"))
    second = runner.start("Second", counting(3), lane="house", on_end=lambda: order.append("second"))
    beside = runner.start("Beside", counting(3), on_end=lambda: order.append("beside"))
    with qtbot.waitSignal(beside.ended):
        qtbot.waitUntil(begun.is_set)
    assert not second.begun
    first.stop()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["beside", "first", "second"]


def test_a_job_stopped_in_the_queue_never_begins(runner: JobRunner, qtbot: QtBot) -> None:
    begun = threading.Event()
    ran: list[int] = []

    def job(_cancel: Cancel) -> Job[None]:
        ran.append(1)
        yield Progress("no")

    first = runner.start("First", until_stopped(begun), lane="house")
    second = runner.start("Second", job, lane="house")
    third = runner.start("Third", counting(1), lane="house")
    seen = outcomes(second)
    with qtbot.waitSignal(second.ended):
        second.stop()
    assert seen == ["cancelled", "ended"]
    assert not third.begun
    with qtbot.waitSignal(third.ended):
        first.stop()
    assert ran == []


def test_closing_stops_and_awaits_everything(qapp: QApplication, qtbot: QtBot) -> None:
    runner = JobRunner()
    begun = [threading.Event() for _ in range(3)]
    ended: list[int] = []
    for index, event in enumerate(begun):
        runner.start("Waiting", until_stopped(event), on_end=lambda index=index: ended.append(index))
    qtbot.waitUntil(lambda: all(event.is_set() for event in begun))
    assert runner.close()
    assert sorted(ended) == [0, 1, 2]


def test_a_bug_is_logged_without_values_and_shown_without_code(
    runner: JobRunner, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def job(_cancel: Cancel) -> Job[None]:
        yield Progress("working")
        raise ValueError("pin 123456")

    reporter = CrashReporter(tmp_path)
    runner.crashed.connect(reporter.report)
    with qtbot.waitSignal(reporter.reported) as reported:
        runner.start("Working", job)
    assert reporter.dialog is not None
    qtbot.addWidget(reporter.dialog)
    log = reported.args[0].read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "test_worker.py" in log
    assert "123456" not in log.replace('raise ValueError("pin 123456")', "")
    shown = " ".join(
        label.text()
        for label in reporter.dialog.findChildren(type(reporter.dialog.children()[0]))
        if hasattr(label, "text")
    )
    assert "Traceback" not in shown
    reporter.dialog.copy_button.click()
    assert QApplication.clipboard().text().startswith("OCHP Desktop")
    reporter.dialog.go_on_button.click()
    qtbot.waitUntil(lambda: reporter.dialog is None)


def test_a_crash_text_follows_causes() -> None:
    def fail() -> None:
        try:
            {}["secret"]
        except KeyError as inner:
            raise RuntimeError("secret") from inner

    with pytest.raises(RuntimeError) as caught:
        fail()
    text = crash_text(caught.value)
    assert text.index("KeyError") < text.index("RuntimeError")
