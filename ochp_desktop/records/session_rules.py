"""The rules about sessions beside other sessions: overlaps, repetitions, unusual power; and about EVSE ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.countries import alpha_3_of
from ochp_desktop.records.identity import normalised_contract_id, normalised_token_id
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.rules import CellRule, Crowd, Facts, GroupRule, PeakRule, RowRule, Rule, Span, SpanRule
from ochp_desktop.records.values import quoted, trimmed
from ochp_desktop.texts import N_

_TIME = CDRS.field("startDatetime").type
_VOLUME = CDRS.field("volume").type
_COUNTRY = CDRS.field("chargePointCountry").type
_MUCH_KW = 400
_MORE_POWER = 1.2
_SESSIONS_TO_COMPARE = 3
_LEAST_SECONDS = 60
_LONGEST = 60
_ISO_EVSE = re.compile(r"([A-Za-z]{2})\*?[0-9A-Za-z]{3}\*?[Ee][0-9A-Za-z][0-9A-Za-z*]{0,30}")
_DIN_EVSE = re.compile(r"\+?([0-9]{1,3})\*[0-9]{3,6}\*[0-9*]{1,32}")
# Country codes of telephone numbers, of the countries in which EVSE ids of the old form were given out.
_DIALLING = {
    "30": "GRC", "31": "NLD", "32": "BEL", "33": "FRA", "34": "ESP", "36": "HUN", "39": "ITA", "40": "ROU",
    "41": "CHE", "43": "AUT", "44": "GBR", "45": "DNK", "46": "SWE", "47": "NOR", "48": "POL", "49": "DEU",
    "351": "PRT", "352": "LUX", "353": "IRL", "354": "ISL", "356": "MLT", "357": "CYP", "358": "FIN", "359": "BGR",
    "370": "LTU", "371": "LVA", "372": "EST", "385": "HRV", "386": "SVN", "420": "CZE", "421": "SVK", "423": "LIE",
}  # fmt: skip


def _seconds(text: str) -> float | None:
    return _since_1970(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=20_000)
def _since_1970(text: str) -> float | None:
    moment = _TIME.parse(text)
    if moment is None:
        return None
    try:
        return float(moment.timestamp())
    except (OverflowError, ValueError):
        return None


def _plain(text: str) -> str:
    return trimmed(text).casefold()


def _customer(card: str, contract: str) -> str:
    """Who charged: the card, or where the record has none, the contract."""
    return normalised_token_id(card) or normalised_contract_id(contract)


def _times(texts: Sequence[str]) -> tuple[float, float] | None:
    start, end = _seconds(texts[0]), _seconds(texts[1])
    return None if start is None or end is None or end <= start else (start, end)


def _on_charge_point(texts: Sequence[str]) -> Span | None:
    times, point = _times(texts), _plain(texts[2])
    if times is None or not point:
        return None
    return Span(point, *times, (_customer(texts[3], texts[4]), times[0]))


def _on_card(texts: Sequence[str]) -> Span | None:
    times, card = _times(texts), normalised_token_id(texts[3])
    return None if times is None or not card else Span(card, *times, _plain(texts[2]))


def _session_keys(columns: Sequence[Sequence[str]]) -> Sequence[str | None]:
    keys: list[str | None] = []
    for start, point, card, contract, _cdr_id in zip(*columns, strict=True):
        moment, where, who = _seconds(start), _plain(point), _customer(card, contract)
        keys.append(None if moment is None or not where or not who else f"{moment}\n{where}\n{who}")
    return keys


def _cdr(texts: Sequence[str]) -> str:
    return trimmed(texts[4])


def _under_other_ids(crowd: Crowd) -> bool:
    return crowd.varieties > 1


def mean_power(texts: Sequence[str], facts: Facts) -> tuple[str, float] | None:
    """The charge point of a session and its mean power in kW; None where that says nothing.

    Args:
        texts: those of `POWER_READS`.
        facts: what the rules may know.
    """
    times, volume, point = _times(texts), _VOLUME.parse(texts[2]), _plain(texts[3])
    if times is None or not volume or not point or times[1] - times[0] < _LEAST_SECONDS:
        return None
    kilowatts = float(volume) * 3600 / (times[1] - times[0])
    # What no charge point has would make all others look small; another rule speaks of it.
    return None if kilowatts > facts.limit("volume.power", _MUCH_KW) else (point, kilowatts)


def _power_args(highest: float, second: float) -> Mapping[str, str]:
    return {"power": f"{highest:.0f}", "usual": f"{second:.0f}"}


def evse_country(text: str) -> str | None:
    """The country (three letters) of an EVSE id, "" when its form has none that is known, None when it has no form."""
    trim = trimmed(text)
    if iso := _ISO_EVSE.fullmatch(trim):
        return alpha_3_of(iso[1]) or ""
    if din := _DIN_EVSE.fullmatch(trim):
        return _DIALLING.get(din[1], "")
    return None


def _no_evse_form(text: str, _facts: Facts) -> Hit | None:
    return Hit("", {"value": quoted(text)}) if evse_country(text) is None else None


def _evse_elsewhere(texts: Sequence[str], _facts: Facts) -> Iterator[Hit]:
    evse, country = evse_country(texts[0]) if trimmed(texts[0]) else None, _COUNTRY.parse(texts[1])
    if evse and country and evse != country:
        yield Hit("evseId", {"value": quoted(texts[0]), "country": evse, "other": country})


POWER_READS = ("startDatetime", "endDatetime", "volume", "chargePointId")
"""The protocol's names of the fields that the mean power is worked out from."""
_SPAN_READS = ("startDatetime", "endDatetime", "chargePointId", "authenticationId", "evcoId")

SESSION_RULES: tuple[Rule, ...] = (
    SpanRule(
        code="session.overlap",
        level=Level.WARNING,
        title=N_("Sessions overlap on one charge point"),
        text=N_("Another session took place on this charge point at the same time. Check start and end of both."),
        why=N_("A socket charges one car at a time: one of the times is wrong, or a session was recorded twice."),
        source="OCHP 0.1, 4.2",
        reads=_SPAN_READS,
        field="startDatetime",
        span=_on_charge_point,
    ),
    SpanRule(
        code="session.card-twice",
        level=Level.WARNING,
        title=N_("One card at two charge points at once"),
        text=N_("This card charged at another charge point at the same time. Check the card and the times of both."),
        why=N_("It may be right where a family shares a card; mostly it is a wrong time or a copied card."),
        source="OCHP Desktop",
        reads=_SPAN_READS,
        field="authenticationId",
        span=_on_card,
    ),
    GroupRule(
        code="session.repeated",
        level=Level.WARNING,
        title=N_("The same session under another CDR id"),
        text=N_("Another CDR id has the same card, start and charge point. Keep one of the two records."),
        why=N_("A session that is sent under two ids is charged twice; the clearing house cannot notice that."),
        source="OCHP Desktop",
        reads=("startDatetime", "chargePointId", "authenticationId", "evcoId", "cdrId"),
        keys=_session_keys,
        variety=_cdr,
        field="cdrId",
        applies=_under_other_ids,
    ),
    PeakRule(
        code="volume.unusual-power",
        level=Level.WARNING,
        title=N_("More power than this charge point ever gave"),
        text=N_(
            "{power} kW on average, but in its other sessions this charge point gave at most {usual} kW. Check volume "
            "and times."
        ),
        why=N_("The volume or one of the times may be wrong; or the charge point was rebuilt, then accept it."),
        source="OCHP Desktop",
        threshold=_MORE_POWER,
        unit=N_("times the highest of the others"),
        reads=POWER_READS,
        field="volume",
        measure=mean_power,
        before=lambda facts: facts.power_before(),
        least=_SESSIONS_TO_COMPARE,
        args=_power_args,
    ),
    CellRule(
        code="evse-id.form",
        level=Level.HINT,
        title=N_("EVSE id has none of the usual forms"),
        text=N_(
            "“{value}” is not an EVSE id such as NL*PLD*E0012*1 or +49*810*000*438. Correct it, or "
            "leave the cell empty."
        ),
        why=N_("Partners find the charging place by this id; one of another form is found by nobody."),
        source="ISO 15118-2, DIN SPEC 91286",
        fields=("evseId",),
        check=_no_evse_form,
    ),
    RowRule(
        code="evse-id.country",
        level=Level.WARNING,
        title=N_("EVSE id belongs to another country"),
        text=N_(
            "“{value}” is an EVSE id of {country}, but the charge point's country is {other}. Correct one of them."
        ),
        why=N_("One of the two was copied from another record. Taxes and tariffs depend on the country."),
        source="ISO 15118-2, DIN SPEC 91286",
        reads=("evseId", "chargePointCountry"),
        check=_evse_elsewhere,
    ),
)
