"""Rules about what a spreadsheet program did to cells before the file arrived, as the reader of the file saw it.

What a text alone tells (1.2E+46, #N/A) is not here: the value types and the shared rules find it however it came in.
"""

from __future__ import annotations

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.problems import Level
from ochp_desktop.records.rules import DamageRule
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_ids import Identifier, Pin
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.texts import N_

_FIELDS = (*TOKENS.fields, *CDRS.fields)
_ALL = tuple(dict.fromkeys(field.name for field in _FIELDS))
_IDS = tuple(dict.fromkeys(field.name for field in _FIELDS if isinstance(field.type, Identifier | Pin)))
_VOLUMES = tuple(dict.fromkeys(field.name for field in _FIELDS if isinstance(field.type, Volume)))
_SOURCE = "Excel, LibreOffice"

DAMAGE_RULES: tuple[DamageRule, ...] = (
    DamageRule(
        code="id.rounded",
        level=Level.ERROR,
        title=N_("Number has lost its last digits"),
        text=N_(
            "“{value}” stood in the file as a number of more than 15 digits, which a spreadsheet rounds. "
            "Type it again from its source."
        ),
        why=N_("Spreadsheets keep 15 digits of a number; all others became zeros. Format the column as text."),
        source=_SOURCE,
        damage="rounded",
        fields=_IDS,
    ),
    DamageRule(
        code="id.zeros",
        level=Level.WARNING,
        title=N_("Leading zeros probably lost"),
        text=N_(
            "“{value}” was shorter than the others in its column of the file: leading zeros are probably lost. "
            "Put them back."
        ),
        why=N_(
            "A spreadsheet that takes an id for a number drops the zeros before it. Format the column as text before "
            "the ids are put in."
        ),
        source=_SOURCE,
        damage="zeros",
        fields=_IDS,
    ),
    DamageRule(
        code="text.date",
        level=Level.WARNING,
        title=N_("Date made from a number"),
        text=N_(
            "“{value}” arrived as a date: a spreadsheet probably made it from something else. Type what was meant."
        ),
        why=N_("Spreadsheets turn what looks like a date into one: 12.05 becomes 12 May. Format the column as text."),
        source=_SOURCE,
        damage="date",
        fields=(*_IDS, *_VOLUMES),
    ),
    DamageRule(
        code="text.formula-empty",
        level=Level.ERROR,
        title=N_("Formula was never calculated"),
        text=N_(
            "The cell holds the formula “{value}” instead of a value. Open the file in Excel, save it and open it here "
            "again, or type the value."
        ),
        why=N_("The program that wrote the file left it to Excel to work the formula out, so no value arrived."),
        source=_SOURCE,
        damage="formula-without-value",
        fields=_ALL,
    ),
    DamageRule(
        code="text.formula",
        level=Level.HINT,
        title=N_("Value came from a formula"),
        text=N_("“{value}” is what a formula in the file showed. Check that it was up to date."),
        why=N_(
            "A formula shows what was worked out last. Where its sources were missing, or another program wrote the "
            "file, that may be an old value."
        ),
        source=_SOURCE,
        damage="formula",
        fields=_ALL,
    ),
)
