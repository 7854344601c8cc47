"""CDRs in their form on the wire: many at once are as one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.jobs.wire_form import wire_cdr, wire_cdrs
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key, cdr_keys

TEXT = st.text(st.sampled_from("aZ09 ,.-\t\n\u00a0\u200bé€"), max_size=8)
ROWS = st.lists(st.tuples(*[TEXT] * len(CDRS)), max_size=4)


@given(ROWS)
def test_many_are_as_one_by_one(rows: list[tuple[str, ...]]) -> None:
    assert wire_cdrs(rows) == [wire_cdr(row) for row in rows]


@given(ROWS)
def test_identities_of_many_are_as_one_by_one(rows: list[tuple[str, ...]]) -> None:
    cdr_id, infra = CDRS.index("cdrId"), CDRS.index("infraProviderId")
    keys = cdr_keys([row[infra] for row in rows], [row[cdr_id] for row in rows])
    assert keys == [cdr_key(row[infra], row[cdr_id]) for row in rows]
