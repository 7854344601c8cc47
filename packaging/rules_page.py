"""Writes docs/rules.md from the rules' own declarations.

python packaging/rules_page.py [--check]

With --check nothing is written; the exit code is 1 when the page is not what the declarations say.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.problems import Level
from ochp_desktop.records.rulebook import all_rules, rules_for
from ochp_desktop.records.rules import CellRule, DamageRule, FormRule, PeakRule, RowRule, Rule, SpanRule

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
LEVELS = {Level.ERROR: "Errors", Level.WARNING: "Warnings", Level.HINT: "Hints"}
HEAD = """# The rules

What OCHP Desktop looks at in every cell, row and table. This page is made from the rules themselves by
`packaging/rules_page.py`; the same texts stand in the window, in reports and behind `ochp-desktop check`.

**Errors** keep a record back: the clearing house would refuse it, and everything that is sent with it.
**Warnings** are plausible damage; whoever knows better accepts them with a reason, which is kept with the record and
falls away when the cell changes. **Hints** only help.

Every rule can be switched off, and its threshold changed, for each connection: *Tools, Rules…*. The code in the last
column is what `check --json` and reports call the rule.
"""
TABLE = """| what | where | what it says, and why | source | code |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    both = {rule.code for rule in all_rules() if all(rule in rules_for(kind) for kind in KINDS.values())}
    chapters = [("Both kinds of record", [rule for rule in all_rules() if rule.code in both])]
    chapters += [(kind.label, [rule for rule in rules_for(kind) if rule.code not in both]) for kind in KINDS.values()]
    for title, rules in chapters:
        parts.append(f"\n## {title}\n")
        for level, heading in LEVELS.items():
            chosen = [rule for rule in rules if rule.level is level]
            if chosen:
                parts.append(f"\n### {heading}\n\n{TABLE}")
                parts.extend(f"| {' | '.join(cells(rule))} |\n" for rule in chosen)
    return "".join(parts)


def cells(rule: Rule) -> Iterator[str]:
    """What the page says of a rule."""
    yield f"**{plain(rule.title)}**"
    yield ", ".join(dict.fromkeys(labels(rule)))
    text = plain(rule.text)
    if rule.threshold is not None:
        text += f" Threshold: {rule.threshold:g} {rule.unit}."
    yield f"{text}<br>{plain(rule.why)}"
    yield plain(rule.source)
    yield f"`{rule.code}`"


def labels(rule: Rule) -> Iterator[str]:
    """The labels of the fields that a rule is about."""
    names: tuple[str, ...] = ()
    if isinstance(rule, FormRule | CellRule | DamageRule):
        names = rule.fields
    elif isinstance(rule, RowRule | SpanRule | PeakRule):
        names = rule.reads
    else:
        names = rule.reads  # type: ignore[attr-defined] - a group rule, the only other kind
    kinds = [kind for kind in KINDS.values() if rule in rules_for(kind)]
    if len(names) > 8:  # noqa: PLR2004 - more than anybody reads
        yield "all fields but a few"
        return
    for name in names:
        for kind in kinds:
            if name in kind.names:
                yield kind.field(name).label
                break


def plain(text: str) -> str:
    """A text as the page can hold it: placeholders as italics, no table marks."""
    return re.sub(r"\{([a-z]+)\}", r"*\1*", text).replace("|", "/").replace("*/", "*&#47;")


def main() -> int:
    """Write or check the page."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted else 1
    PAGE.write_text(wanted, encoding="utf-8", newline="\n")
    print(f"written: {PAGE}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
