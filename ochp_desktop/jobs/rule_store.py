"""What people decided about the rules: switched off, other thresholds, accepted warnings; kept on this computer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ochp_desktop.records.rulebook import all_rules
from ochp_desktop.store.settings import Settings

_CHOICES = "rules"
_ACCEPTED = "accepted warnings"


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """How the rules are set for one connection.

    Attributes:
        off: codes of the rules that are switched off.
        thresholds: rule code -> threshold, where it is another than the rule's own.
    """

    off: frozenset[str] = frozenset()
    thresholds: Mapping[str, float] = field(default_factory=dict)


class RuleStore:
    """Choices by connection, and the warnings that were accepted; touches the disk, so call it from a worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def choices(self, profile: str) -> RuleChoices:
        """How the rules are set for the connection of that name; codes that no rule has any more are left out.

        Raises:
            StoreError: the store cannot be read.
        """
        kept = self._dict(_CHOICES).get(profile)
        if not isinstance(kept, dict):
            return RuleChoices()
        off, thresholds = kept.get("off"), kept.get("thresholds")
        known = {rule.code: rule for rule in all_rules()}
        return RuleChoices(
            frozenset(code for code in off if code in known) if isinstance(off, list) else frozenset(),
            {
                code: float(value)
                for code, value in (thresholds if isinstance(thresholds, dict) else {}).items()
                if code in known and known[code].threshold is not None and isinstance(value, int | float)
            },
        )

    def save_choices(self, profile: str, choices: RuleChoices) -> None:
        """Keep how the rules are set for the connection of that name.

        Raises:
            StoreError: the store cannot be written.
        """
        kept = {"off": sorted(choices.off), "thresholds": dict(choices.thresholds)}
        self._settings.set(_CHOICES, {**self._dict(_CHOICES), profile: kept})

    def accepted(self) -> dict[str, str]:
        """Fingerprint -> reason of every accepted warning, for `Facts.accepted`.

        Raises:
            StoreError: the store cannot be read.
        """
        return {
            print_: str(entry[0])
            for print_, entry in self._dict(_ACCEPTED).items()
            if isinstance(entry, list) and entry
        }

    def accept(self, accepted: Mapping[str, str]) -> None:
        """Keep accepted warnings: fingerprint -> reason.

        Raises:
            StoreError: the store cannot be written.
        """
        when = datetime.now(UTC).isoformat(timespec="seconds")
        new = {print_: [reason, when] for print_, reason in accepted.items()}
        self._settings.set(_ACCEPTED, {**self._dict(_ACCEPTED), **new})

    def take_back(self, fingerprints: Iterable[str]) -> None:
        """Forget accepted warnings.

        Raises:
            StoreError: the store cannot be written.
        """
        gone = set(fingerprints)
        self._settings.set(_ACCEPTED, {one: entry for one, entry in self._dict(_ACCEPTED).items() if one not in gone})

    def _dict(self, name: str) -> dict[str, object]:
        kept = self._settings.get(name)
        return kept if isinstance(kept, dict) else {}
