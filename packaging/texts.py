"""Renews the translation catalogues in resources/locale from the source, or checks that they are complete.

python packaging/texts.py           extract, merge into each language's .po, compile to .mo
python packaging/texts.py --check   fail when a text is missing, doubtful, out of date or not compiled
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ochp_desktop.texts import DOMAIN, LANGUAGES

TOP = Path(__file__).resolve().parent.parent
SOURCE = TOP / "ochp_desktop"
LOCALE = TOP / "resources" / "locale"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
# The extraction does not look into f-strings: a text there would stay English without a word.
IN_F_STRING = re.compile(r"""f(?:"[^"\n]*|'[^'\n]*)\{[^}\n]*\b(?:_|ngettext)\(""")
PLACEHOLDER = re.compile(r"\{[a-z_]*[^}]*\}")


def extract() -> Catalog:
    """All marked texts of the source."""
    catalog = Catalog(project="OCHP Desktop", charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(SOURCE), [("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True)
    for filename, _line, message, comments, _context in found:
        # Without line numbers the catalogue changes only when a text does.
        catalog.add(message, locations=[(f"ochp_desktop/{Path(filename).as_posix()}", 0)], auto_comments=comments)
    return catalog


def po_path(code: str) -> Path:
    """The catalogue people translate."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_path(code: str) -> Path:
    """The catalogue the program reads."""
    return po_path(code).with_suffix(".mo")


def load(code: str) -> Catalog:
    """The language's catalogue, empty when there is none yet."""
    path = po_path(code)
    if not path.exists():
        return Catalog(locale=code, project="OCHP Desktop", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def typeset(code: str, text: str) -> str:
    """The text with what its language wants and keyboards lack: in French narrow blanks and curly apostrophes."""
    if code != "fr":
        return text
    text = re.sub("[ \u00a0\u202f]+([;:!?»%])", "\u202f\\1", text)
    text = re.sub("«[ \u00a0\u202f]*", "«\u202f", text)
    return re.sub(r"(?<=\w)'(?=[\w«&{])", "’", text)


def renew(template: Catalog, code: str) -> None:
    """Merge new texts into the language's catalogue and compile it."""
    catalog = load(code)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        # A text that nobody has translated yet has no string at all.
        if message.id and isinstance(message.string, str):
            message.string = typeset(code, message.string)
        elif message.id and message.string is not None:
            message.string = tuple(typeset(code, form) for form in message.string)
    # A date that changes with every run would make every catalogue new every time.
    catalog.creation_date = catalog.revision_date = EPOCH
    po_path(code).parent.mkdir(parents=True, exist_ok=True)
    with po_path(code).open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
    mo_path(code).write_bytes(compiled(load(code)))


def faults(template: Catalog, code: str) -> list[str]:
    """What is wrong with the language's catalogue."""
    catalog = load(code)
    found = []
    for message in template:
        if not message.id:
            continue
        translated = catalog.get(message.id if isinstance(message.id, str) else message.id[0])
        found += [f"{code}: {fault}: {message.id!r}" for fault in text_faults(message, translated)]
    if not mo_path(code).exists() or mo_path(code).read_bytes() != compiled(catalog):
        found.append(f"{code}: {mo_path(code).name} is not what {po_path(code).name} compiles to")
    return found


def hidden_texts() -> list[str]:
    """Texts that the extraction cannot see."""
    return [
        f"{path.relative_to(TOP)}:{number}: a text inside an f-string is never translated"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if IN_F_STRING.search(line)
    ]


def text_faults(source: Message, translated: Message | None) -> list[str]:
    """What is wrong with one translated text."""
    if translated is None:
        return ["missing"]
    texts = [translated.string] if isinstance(translated.string, str) else list(translated.string or ())
    if not texts or not all(texts):
        return ["not translated"]
    if translated.fuzzy:
        return ["doubtful"]
    wanted = [source.id] if isinstance(source.id, str) else list(source.id)
    allowed = {mark for text in wanted for mark in PLACEHOLDER.findall(text)}
    needed = set(PLACEHOLDER.findall(wanted[-1]))
    used = {mark for text in texts for mark in PLACEHOLDER.findall(text)}
    return ["placeholders differ"] if used - allowed or needed - used else []


def main() -> int:
    """Renew or check all languages but English."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    template = extract()
    codes = [code for code in LANGUAGES if code != "en"]
    if not arguments.check:
        for code in codes:
            renew(template, code)
    found = [*hidden_texts(), *(fault for code in codes for fault in faults(template, code))]
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"translations: {len(template)} texts, {len(codes)} languages, {len(found)} faults")
    return 1 if found and arguments.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
