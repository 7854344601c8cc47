"""What an accepted warning is known by: the rule, the record, and the texts the rule has looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.identity import cdr_key, normalised_token_id
from ochp_desktop.records.problems import Problem
from ochp_desktop.records.rules import Rule, reads_of


def record_key(kind: RecordKind, texts: Sequence[str]) -> tuple[str, ...]:
    """What identifies a record, however it is written: the token id, or infra provider and CDR id."""
    values = [texts[kind.index(name)] for name in kind.key]
    return cdr_key(*values) if kind.name == "cdrs" else tuple(map(normalised_token_id, values))


def fingerprint(kind: RecordKind, rule: Rule, problem: Problem, texts: Sequence[str]) -> str:
    """Another one as soon as a text changes that the rule has looked at; it gives none of the texts away.

    So an acceptance stays with its record, in whatever row or file it comes next, and falls away with the next change.
    """
    seen = [texts[kind.index(name)] for name in dict.fromkeys((problem.field, *reads_of(rule, problem.field)))]
    whole = json.dumps([kind.name, problem.code, problem.field, record_key(kind, texts), seen])
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
