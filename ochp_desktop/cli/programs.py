"""The commands that are programs of their own: the window and the practice clearing house."""

from __future__ import annotations

import argparse

from ochp_desktop.cli.output import Output


def window(chosen: argparse.Namespace, _output: Output) -> int:
    """Open the window."""
    from ochp_desktop.app import run_window

    return run_window(chosen.data_dir, practice=chosen.practice, profile=chosen.profile)


def practice(chosen: argparse.Namespace, output: Output) -> int:
    """Run the practice clearing house until it is told to end."""
    from ochp_desktop.jobs.practice import practice_data_dir, scenarios, serve_practice

    if chosen.scenario == "list":
        known = scenarios()
        for one in known:
            output.say(f"{one.name:<24} {one.text}")
        output.data({"scenarios": [{"name": one.name, "text": one.text} for one in known]})
        return 0
    return serve_practice(
        chosen.data or practice_data_dir(chosen.data_dir) / "house",
        port=chosen.port,
        scenario=chosen.scenario,
        tls=tuple(chosen.tls) if chosen.tls else None,
        token_minutes=chosen.token_minutes,
        until_stdin_closes=chosen.until_stdin_closes,
    )
