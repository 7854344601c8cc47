"""The partner list."""

from __future__ import annotations

from ochp_desktop.records.partners import Partner
from ochp_desktop.store.database import Database
from ochp_desktop.store.partners import Partners


def test_partners_are_known_however_their_id_is_written(db: Database) -> None:
    partners = Partners(db)
    partners.add(Partner("Blue Corner", "Blue Corner N.V.", 1, ("BE-BLU",)))
    partners.add(Partner("e-laad", "", None, ()))
    assert partners.get("BLUE-corner") == Partner("Blue Corner", "Blue Corner N.V.", 1, ("BE-BLU",))
    partners.add(Partner("bluecorner", "Blue", 1, ("BE-BLU", "BE-BCO")))
    assert [partner.name for partner in partners.all()] == ["Blue", ""]
    assert partners.remove("E laad")
    assert not partners.remove("E laad")
    assert partners.get("e-laad") is None


def test_damaged_prefixes_count_as_none(db: Database) -> None:
    with db.write() as c:
        c.execute("INSERT INTO partners VALUES ('a', 'A', 'A', NULL, '{')")
    assert Partners(db).get("A") == Partner("A", "A", None, ())
