"""Runs every benchmark module of this folder; prints one table and writes one JSON file.

A module `bench_*.py` has `measure() -> list[dict]`; each dict has `name`, `ours`, `peer` (seconds or
megabytes, with `unit`), `ratio`, `target` (a sentence) and `ok`. Ratios count, not absolute times.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

HERE = Path(__file__).parent


def figure(value: float | None) -> str:
    """A figure for the table; a dash where nothing was measured."""
    return "-" if value is None else f"{value:.3g}"


# Whoever uses the program has its bytecode on disk; without it each child process would compile everything anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def main() -> int:
    """Run the benchmarks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="modules to run, without bench_; all when none is named")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    arguments = parser.parse_args()
    names = arguments.names or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    rows: list[dict[str, object]] = []
    for name in names:
        print(f"running {name} ...", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"{__package__}.bench_{name}").measure()
    width = max((len(str(row["name"])) for row in rows), default=4)
    print(f"{'what':<{width}}  {'ours':>9}  {'peer':>9}  {'ratio':>7}  ok   target")
    for row in rows:
        cells = [figure(row.get(key)) for key in ("ours", "peer", "ratio")]  # type: ignore[arg-type]
        met = "yes" if row["ok"] else "NO"
        print(f"{row['name']:<{width}}  {cells[0]:>9}  {cells[1]:>9}  {cells[2]:>7}  {met:<4} {row['target']}")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "system": platform.platform()}
    arguments.out.write_text(json.dumps({"machine": machine, "results": rows}, indent=2) + "\n")
    print(f"written: {arguments.out}")
    return 0 if all(row["ok"] for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
