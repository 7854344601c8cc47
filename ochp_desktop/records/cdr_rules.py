"""The rules for charge data records, one entry each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from ochp_desktop.records.cdr_form_rules import CDR_FORM_RULES
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key, normalised_provider
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.roaming_rules import ROAMING_RULES
from ochp_desktop.records.rules import CellRule, Crowd, Facts, GroupRule, RowRule, Rule
from ochp_desktop.records.session_rules import SESSION_RULES
from ochp_desktop.records.shared_rules import SHARED_RULES
from ochp_desktop.records.values import quoted, trimmed
from ochp_desktop.texts import N_

_TIME = CDRS.field("startDatetime").type
_DURATION = CDRS.field("duration").type
_VOLUME = CDRS.field("volume").type
_FUTURE_MINUTES = 5
_TOO_MUCH_KWH = 1000
_MUCH_KWH = 150
_OFF_SECONDS = 60
_MUCH_KW = 400
_OLD_DAYS = 90
_AGEING_DAYS = 30
_SHORT_SECONDS = 60
_WH_IN_KWH = 1000


def _in_future(text: str, facts: Facts) -> Hit | None:
    moment = _TIME.parse(text)
    minutes = facts.limit("date-time.future", _FUTURE_MINUTES)
    if moment is None or moment - facts.now <= timedelta(minutes=minutes):
        return None
    return Hit("", {"value": quoted(text)})


def _end_before_start(texts: Sequence[str], _facts: Facts) -> Iterator[Hit]:
    start, end = _TIME.parse(texts[0]), _TIME.parse(texts[1])
    if start is not None and end is not None and end < start:
        yield Hit("endDatetime", {"start": quoted(texts[0]), "end": quoted(texts[1])})


def _short(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    start, end = _TIME.parse(texts[0]), _TIME.parse(texts[1])
    if start is not None and end is not None:
        seconds = (end - start).total_seconds()
        if 0 <= seconds < facts.limit("session.short", _SHORT_SECONDS):
            yield Hit("endDatetime", {"seconds": f"{seconds:.0f}"})


def _other_duration(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    start, end, duration = _TIME.parse(texts[0]), _TIME.parse(texts[1]), _DURATION.parse(texts[2])
    if start is None or end is None or duration is None or end < start:
        return
    if abs((end - start - duration).total_seconds()) > facts.limit("duration.differs", _OFF_SECONDS):
        written = _DURATION.format(end - start)
        repair = written if _DURATION.parse(written) is not None else None
        yield Hit("duration", {"value": quoted(texts[2]), "measured": written}, repair)


def _power(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    start, end, volume = _TIME.parse(texts[0]), _TIME.parse(texts[1]), _VOLUME.parse(texts[2])
    if start is None or end is None or volume is None or end <= start:
        return
    kilowatts = float(volume) * 3600 / (end - start).total_seconds()
    if kilowatts > facts.limit("volume.power", _MUCH_KW):
        yield Hit("volume", {"value": quoted(texts[2]), "power": f"{kilowatts:.0f}"})


def _age(text: str, facts: Facts) -> int:
    """How many days ago it was, by the calendar where it was, as people count; -1 when it is no time."""
    moment = _TIME.parse(text)
    return -1 if moment is None else (facts.now.astimezone(moment.tzinfo).date() - moment.date()).days


def _old(text: str, facts: Facts) -> Hit | None:
    days = _age(text, facts)
    return Hit("", {"days": str(days)}) if days > facts.limit("date-time.old", _OLD_DAYS) else None


def _ageing(text: str, facts: Facts) -> Hit | None:
    days, old = _age(text, facts), facts.limit("date-time.old", _OLD_DAYS)
    return Hit("", {"days": str(days)}) if facts.limit("date-time.ageing", _AGEING_DAYS) < days <= old else None


def _too_much(text: str, facts: Facts) -> Hit | None:
    volume: Decimal | None = _VOLUME.parse(text)
    if volume is None or volume <= facts.limit("volume.watt-hours", _TOO_MUCH_KWH):
        return None
    repair = _VOLUME.format(volume / _WH_IN_KWH)
    return Hit("", {"value": quoted(text), "kwh": repair}, repair)


def _much(text: str, facts: Facts) -> Hit | None:
    volume: Decimal | None = _VOLUME.parse(text)
    too_much = facts.limit("volume.watt-hours", _TOO_MUCH_KWH)
    if volume is None or not facts.limit("volume.much", _MUCH_KWH) < volume <= too_much:
        return None
    return Hit("", {"value": quoted(text)})


def _nothing(text: str, _facts: Facts) -> Hit | None:
    return Hit("") if _VOLUME.parse(text) == 0 else None


def _already_sent(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    infra, cdr_id = texts
    if facts.sent and trimmed(cdr_id):
        day = facts.sent.get(cdr_key(infra, cdr_id))
        if day is not None:
            yield Hit("cdrId", {"value": quoted(cdr_id), "date": day})


def _same_provider(texts: Sequence[str], _facts: Facts) -> Iterator[Hit]:
    service, infra = map(normalised_provider, texts)
    if service and service == infra:
        yield Hit("serviceProviderId", {"value": quoted(texts[0])})


def _not_ours(text: str, facts: Facts) -> Hit | None:
    own = {normalised_provider(provider) for provider in facts.own_ids}
    if not own or normalised_provider(text) in own:
        return None
    return Hit("", {"value": quoted(text), "own": ", ".join(facts.own_ids)})


def _unknown_partner(text: str, facts: Facts) -> Hit | None:
    known = {normalised_provider(provider) for provider in (*facts.partner_ids, *facts.own_ids)}
    if not facts.partner_ids or normalised_provider(text) in known:
        return None
    return Hit("", {"value": quoted(text)})


def _register(text: str, _facts: Facts) -> str:
    return trimmed(text).rpartition(":")[2]


def _not_electricity(text: str, _facts: Facts) -> Hit | None:
    medium = trimmed(text).partition("-")[0] if ":" in text else "1"
    return Hit("", {"value": quoted(text)}) if medium.isdigit() and int(medium) != 1 else None


def _feeding_back(text: str, facts: Facts) -> Hit | None:
    return Hit("", {"value": quoted(text)}) if _register(text, facts).startswith("2.8") else None


def _record_keys(columns: Sequence[Sequence[str]]) -> Sequence[str | None]:
    infra, cdr_ids = columns
    providers = {provider: normalised_provider(provider) for provider in set(infra)}
    return [
        f"{providers[provider]}\n{number}" if providers[provider] and (number := trimmed(cdr_id)) else None
        for provider, cdr_id in zip(infra, cdr_ids, strict=True)
    ]


def _content(texts: Sequence[str]) -> int:
    """What makes a record the same as another: all its fields, the two of the key aside."""
    return hash(tuple(map(trimmed, texts[2:])))


def _is_double(crowd: Crowd) -> bool:
    return crowd.alike > 1


def _is_conflict(crowd: Crowd) -> bool:
    return crowd.varieties > 1 and crowd.alike == 1


_TIMES = ("startDatetime", "endDatetime")
_KEY = ("infraProviderId", "cdrId")
_REST = tuple(name for name in CDRS.names if name not in _KEY)

_RECORD_RULES: tuple[Rule, ...] = (
    CellRule(
        code="date-time.future",
        level=Level.ERROR,
        title=N_("Time lies in the future"),
        text=N_("“{value}” has not come yet. Check the date, the time zone behind the time and this computer's clock."),
        why=N_("A session can only be charged after it has ended."),
        source="OCHP 0.1, 4.2",
        threshold=_FUTURE_MINUTES,
        unit=N_("minutes"),
        fields=_TIMES,
        check=_in_future,
    ),
    CellRule(
        code="date-time.old",
        level=Level.WARNING,
        title=N_("Session is very old"),
        text=N_("This session ended {days} days ago. Ask the partner whether it is still paid for."),
        why=N_("Many partners do not pay for sessions that reach them after 90 days."),
        source=N_("Custom among partners"),
        threshold=_OLD_DAYS,
        unit=N_("days"),
        fields=("endDatetime",),
        check=_old,
    ),
    CellRule(
        code="date-time.ageing",
        level=Level.HINT,
        title=N_("Session is more than a month old"),
        text=N_("This session ended {days} days ago. Send it soon."),
        why=N_("Send it soon: many partners do not pay for sessions that reach them after 90 days."),
        source=N_("Custom among partners"),
        threshold=_AGEING_DAYS,
        unit=N_("days"),
        fields=("endDatetime",),
        check=_ageing,
    ),
    RowRule(
        code="date-time.end-before-start",
        level=Level.ERROR,
        title=N_("Session ends before it starts"),
        text=N_("The end {end} is before the start {start}. Check both times and the time zones behind them."),
        why=N_("Start and end may be swapped, or one of them is written in winter time and the other in summer time."),
        source="OCHP 0.1, 4.2",
        reads=_TIMES,
        check=_end_before_start,
    ),
    RowRule(
        code="session.short",
        level=Level.WARNING,
        title=N_("Session took less than a minute"),
        text=N_("This session took {seconds} seconds. Take it out if it need not be charged, or accept it."),
        why=N_("Such sessions are mostly attempts that failed; partners tend to dispute them."),
        source="OCHP Desktop",
        threshold=_SHORT_SECONDS,
        unit=N_("seconds"),
        reads=_TIMES,
        check=_short,
    ),
    RowRule(
        code="duration.differs",
        level=Level.WARNING,
        title=N_("Duration does not fit start and end"),
        text=N_(
            "The duration is {value}, but from start to end it is {measured}. Correct one of them, or leave "
            "the duration empty."
        ),
        why=N_("One of the three is wrong. The duration is optional: it may also be left empty."),
        source="OCHP 0.1, 4.2",
        threshold=_OFF_SECONDS,
        unit=N_("seconds"),
        reads=(*_TIMES, "duration"),
        check=_other_duration,
    ),
    CellRule(
        code="volume.watt-hours",
        level=Level.ERROR,
        title=N_("Volume is in Wh instead of kWh"),
        text=N_("{value} kWh is more than any car takes. If it was meant in Wh, write {kwh}."),
        why=N_("Meters often count in Wh. The clearing house would charge a thousand times the price."),
        source="OCHP 0.1, 4.2",
        threshold=_TOO_MUCH_KWH,
        unit="kWh",
        fields=("volume",),
        check=_too_much,
    ),
    CellRule(
        code="volume.much",
        level=Level.WARNING,
        title=N_("Volume is unusually large"),
        text=N_(
            "{value} kWh is more than the batteries of most cars hold. Compare it with the meter, then "
            "correct or accept it."
        ),
        why=N_("It may be right for a lorry or a bus; for a car it is mostly a meter fault or a session never ended."),
        source="OCHP Desktop",
        threshold=_MUCH_KWH,
        unit="kWh",
        fields=("volume",),
        check=_much,
    ),
    CellRule(
        code="volume.zero",
        level=Level.WARNING,
        title=N_("Session without energy"),
        text=N_("No energy was delivered. Take the record out if it need not be charged, or accept it."),
        why=N_("Sessions of 0 kWh are mostly attempts that failed; partners tend to dispute them."),
        source="OCHP Desktop",
        fields=("volume",),
        check=_nothing,
    ),
    RowRule(
        code="volume.power",
        level=Level.WARNING,
        title=N_("More power than a charge point has"),
        text=N_("{value} kWh in this time is {power} kW on average. Check the volume and both times."),
        why=N_("No charge point gives that much: the volume or one of the times is wrong."),
        source="OCHP Desktop",
        threshold=_MUCH_KW,
        unit="kW",
        reads=(*_TIMES, "volume"),
        check=_power,
    ),
    RowRule(
        code="cdr-id.already-sent",
        level=Level.ERROR,
        title=N_("Already sent"),
        text=N_(
            "CDR {value} was already sent and confirmed on {date}. Take it out, or give it the id that belongs to it."
        ),
        why=N_("The clearing house has it. Sent again it would be refused, and the rest of its batch with it."),
        source="OCHP 0.1, 4.2",
        reads=_KEY,
        check=_already_sent,
    ),
    GroupRule(
        code="cdr-id.double",
        level=Level.ERROR,
        title=N_("Record stands in the table twice"),
        text=N_("This record stands in the table more than once, with the same content. Keep one row."),
        why=N_("A CDR id is used once per infrastructure provider; the clearing house would refuse the whole upload."),
        source="OCHP 0.1, 4.2",
        reads=_KEY,
        keys=_record_keys,
        variety=_content,
        compares=_REST,
        field="cdrId",
        applies=_is_double,
    ),
    GroupRule(
        code="cdr-id.conflict",
        level=Level.ERROR,
        title=N_("CDR id is used for different records"),
        text=N_(
            "Another row has this CDR id and infra provider, but not the same content. Delete one, or correct an id."
        ),
        why=N_(
            "A CDR id is used once per infrastructure provider. Either one row is a corrected copy of another: delete "
            "the wrong one; or one of them needs another id."
        ),
        source="OCHP 0.1, 4.2",
        reads=_KEY,
        keys=_record_keys,
        variety=_content,
        compares=_REST,
        field="cdrId",
        applies=_is_conflict,
    ),
    RowRule(
        code="provider.same",
        level=Level.WARNING,
        title=N_("Sender and recipient are the same"),
        text=N_("{value} is both service provider and infra provider. Correct one of them, or leave the record out."),
        why=N_("A provider's own customers at its own charge points need no clearing."),
        source="OCHP 0.1, 4.2",
        reads=("serviceProviderId", "infraProviderId"),
        check=_same_provider,
    ),
    CellRule(
        code="provider.not-ours",
        level=Level.WARNING,
        title=N_("Infra provider is not us"),
        text=N_("“{value}” is not our own provider id ({own}). We can only send records of our own charge points."),
        why=N_("The infra provider is the sender of a record. A misspelt id makes another company the sender."),
        source="OCHP 0.1, 4.2",
        fields=("infraProviderId",),
        check=_not_ours,
    ),
    CellRule(
        code="provider.unknown",
        level=Level.WARNING,
        title=N_("Service provider is not a known partner"),
        text=N_("“{value}” is none of your partners. Check the id, or add the partner."),
        why=N_("The service provider receives the record and pays for it. A misspelt id reaches nobody."),
        source="OCHP 0.1, 4.2",
        fields=("serviceProviderId",),
        check=_unknown_partner,
    ),
    CellRule(
        code="obis.not-electricity",
        level=Level.WARNING,
        title=N_("OBIS code is not about electricity"),
        text=N_("“{value}” does not begin with 1, the number of electricity. Check which meter it is from."),
        why=N_("Other first numbers are gas, heat or water meters."),
        source="IEC 62056-61",
        fields=("obisCode",),
        check=_not_electricity,
    ),
    CellRule(
        code="obis.feeding-back",
        level=Level.HINT,
        title=N_("OBIS code is that of feeding back"),
        text=N_("“{value}” is the register of energy that flows from the car into the grid. Check that this is meant."),
        why=N_("A car that charges is counted in register 1.8."),
        source="IEC 62056-61",
        fields=("obisCode",),
        check=_feeding_back,
    ),
)

CDR_RULES: tuple[Rule, ...] = (*SHARED_RULES, *CDR_FORM_RULES, *_RECORD_RULES, *SESSION_RULES, *ROAMING_RULES)
