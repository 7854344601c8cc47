"""Jobs: progress, results, failures and cancelling, with and without a thread beside."""

from __future__ import annotations

import threading

import pytest

from ochp_desktop.errors import Cancelled
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job, Progress, run


def counting(cancel: Cancel) -> Job[str]:
    for done in range(3):
        cancel.check()
        yield Progress("counting", done, 3)
    return "counted"


def test_progress_and_result_reach_the_caller() -> None:
    seen: list[int] = []
    assert run(counting(Cancel()), lambda progress: seen.append(progress.done)) == "counted"
    assert seen == [0, 1, 2]


def test_a_cancelled_job_says_so() -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        run(counting(cancel))


def test_callbacks_run_once_and_at_once_when_the_flag_is_up() -> None:
    cancel, seen = Cancel(), []
    cancel.on_set(lambda: seen.append("before"))
    cancel.set()
    cancel.set()
    cancel.on_set(lambda: seen.append("after"))
    assert seen == ["before", "after"]


def test_a_call_beside_reports_progress_and_its_result() -> None:
    def call(report: Report) -> int:
        for done in range(5):
            report(done, 5)
        return threading.get_ident()

    seen: list[Progress] = []
    assert run(background(call, "working"), seen.append) != threading.get_ident()
    assert [progress.done for progress in seen] == [0, 0, 1, 2, 3, 4]


def test_a_call_beside_that_fails_fails_the_job() -> None:
    def call(_report: Report) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run(background(call, "working"))


def test_a_waiting_call_is_woken_by_the_flag() -> None:
    cancel, woken = Cancel(), threading.Event()
    cancel.on_set(woken.set)

    def call(_report: Report) -> bool:
        return woken.wait(30)

    job = background(call, "waiting")
    next(job)
    threading.Thread(target=cancel.set).start()
    assert run(job) is True
