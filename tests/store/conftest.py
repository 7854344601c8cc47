"""A store in a fresh folder, and records to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.store.database import Database
from ochp_desktop.store.schema import DRAFTS

Row = tuple[str, ...]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "store.sqlite")
    yield database
    database.close()


@pytest.fixture
def drafts_db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "drafts.sqlite", DRAFTS)
    yield database
    database.close()


@pytest.fixture
def cdr() -> Callable[..., Row]:
    """Make a CDR from its number and what differs from the example."""

    def make(number: int | str, infra: str = "e-laad", **texts: str) -> Row:
        values = {field.name: field.example for field in CDRS}
        values |= {"cdrId": str(number), "infraProviderId": infra} | texts
        return tuple(values[name] for name in CDRS.names)

    return make
