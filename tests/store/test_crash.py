"""Kill -9 in the middle of writes, many times: what was acknowledged is there, and the file is whole."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ochp_desktop.store.batches import BatchState, key_of
from ochp_desktop.store.database import Database
from ochp_desktop.store.drafts import Drafts
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.schema import DRAFTS
from ochp_desktop.store.states import StateKind

ROUNDS = 20

WRITER = """
import sys
from pathlib import Path
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.store.database import Database
from ochp_desktop.store.drafts import Drafts, Snapshot
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.schema import DRAFTS

folder, start = Path(sys.argv[1]), int(sys.argv[2])
drafts = Drafts(Database(folder / "drafts.sqlite", DRAFTS))
journal = Journal(Database(folder / "store.sqlite"))
draft = drafts.create("cdrs", f"sheet {start}", "{}", Snapshot.of_rows([("a", "b")] * 50, 2))
print("draft", draft, flush=True)
number = start
seq = 0
while True:
    seq += 1
    drafts.append_edit(draft, seq, f"edit {seq}")
    print("edit", seq, flush=True)
    if seq % 7 == 0:
        drafts.compact(draft, seq, Snapshot.of_rows([("a", str(seq))] * 50, 2))
    rows = [tuple(f"n{number + i}" if name == "cdrId" else name for name in CDRS.names) for i in range(20)]
    batch = journal.begin_batch("house", "me", rows)
    print("begun", batch, flush=True)
    journal.confirm(batch, "ok")
    print("confirmed", batch, number, flush=True)
    number += 20
"""


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    chance = random.Random(20120329)
    acknowledged: set[int] = set()
    for turn in range(ROUNDS):
        start = turn * 1_000_000
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(start)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _line in range(chance.randint(3, 60))]
        writer.kill()
        lines += writer.stdout.readlines()
        writer.stdout.close()
        writer.wait()

        said = [line.split() for line in lines if line.endswith("\n")]
        draft = next(int(words[1]) for words in said if words[0] == "draft")
        last_edit = max((int(words[1]) for words in said if words[0] == "edit"), default=0)
        begun = {int(words[1]) for words in said if words[0] == "begun"}
        confirmed = {int(words[1]) for words in said if words[0] == "confirmed"}
        acknowledged |= confirmed

        drafts_db = Database(tmp_path / "drafts.sqlite", DRAFTS)
        db = Database(tmp_path / "store.sqlite")
        assert not db.notices
        assert not drafts_db.notices
        opened = Drafts(drafts_db).load(draft)
        assert [edit.seq for edit in opened.edits][:last_edit] == list(range(1, last_edit + 1))
        assert opened.snapshot.count == 50
        journal = Journal(db)
        assert all(journal.batch(batch).state is BatchState.CONFIRMED for batch in acknowledged)
        pending = journal.unsettled("house", "me")
        assert len(pending) <= 1
        assert begun - confirmed <= {one.id for one in pending} | {
            batch for batch in begun if journal.batch(batch).state is BatchState.CONFIRMED
        }
        for one in pending:
            assert all(
                state.kind is StateKind.UNCONFIRMED
                for state in journal.states("house", [key_of(row) for row in one.rows]).values()
            )
            journal.begin_again(one.id)
            journal.confirm(one.id, "settled")
            acknowledged.add(one.id)
        drafts_db.close()
        db.close()
    for name in ("store.sqlite", "drafts.sqlite"):
        with closing(sqlite3.connect(tmp_path / name)) as c:
            assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not list(tmp_path.glob("*damaged*"))


def test_a_batch_of_a_living_process_stays_on_its_way_until_that_process_is_dead(
    tmp_path: Path, cdr: Callable[..., tuple[str, ...]]
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from ochp_desktop.store.database import Database\n"
        "from ochp_desktop.store.journal import Journal\n"
        "import json\n"
        "journal = Journal(Database(Path(sys.argv[1])))\n"
        "print(journal.begin_batch('house', 'me', json.loads(sys.argv[2])), flush=True)\n"
        "sys.stdin.readline()\n"
    )
    import json

    row = cdr(1)
    path = tmp_path / "store.sqlite"
    sender = subprocess.Popen(
        [sys.executable, "-c", program, str(path), json.dumps([row])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with sender:
        assert sender.stdout is not None
        batch = int(sender.stdout.readline())
        db = Database(path)
        journal = Journal(db)
        assert journal.unsettled("house", "me") == []
        assert journal.states("house", [key_of(row)])[key_of(row)].kind is StateKind.SENDING
        sender.kill()
        sender.wait()
    assert [one.id for one in journal.unsettled("house", "me")] == [batch]
    assert not list(tmp_path.glob("*-senders/*"))
    db.close()
