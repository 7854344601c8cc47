"""The rules about the form of times, volumes, countries and OBIS codes in charge data records, one entry each."""

from __future__ import annotations

from ochp_desktop.records.problems import Level
from ochp_desktop.records.rules import FormRule, Rule
from ochp_desktop.records.value_place import Country, ObisCode
from ochp_desktop.records.value_time import Duration, OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import ValueType
from ochp_desktop.texts import N_

_TIMES = N_(
    "The clearing house wants local time with its offset from UTC: without the offset it is not known when it was, "
    "and in the night when the clocks change an hour would be charged twice or not at all."
)
_VOLUMES = N_("The clearing house reads a decimal comma with four decimals; anything else is refused or misread.")
_DURATIONS = N_("The protocol writes a duration H:MM:SS. It is optional: the cell may also be left empty.")


def _form(type_: type[ValueType], subject: str, fields: tuple[str, ...], fault: str, title: str, why: str) -> FormRule:
    return FormRule(
        code=f"{subject}.{fault}",
        level=Level.ERROR,
        title=title,
        text=type_.faults[fault],
        why=why,
        source="OCHP 0.1, 4.2",
        fields=fields,
        fault=fault,
    )


def _time(fault: str, title: str, why: str = _TIMES) -> FormRule:
    return _form(OffsetDateTime, "date-time", ("startDatetime", "endDatetime"), fault, title, why)


def _volume(fault: str, title: str, why: str = _VOLUMES) -> FormRule:
    return _form(Volume, "volume", ("volume",), fault, title, why)


def _duration(fault: str, title: str, why: str = _DURATIONS) -> FormRule:
    return _form(Duration, "duration", ("duration",), fault, title, why)


CDR_FORM_RULES: tuple[Rule, ...] = (
    _time("no-offset", N_("Time without its time zone")),
    _time(
        "doubled-hour",
        N_("Time came twice that night"),
        N_("When summer time ends, one hour comes twice. Only the charge point's own log can tell which one it was."),
    ),
    _time(
        "missing-hour",
        N_("Time did not exist that night"),
        N_("When summer time begins, one hour is left out. A clock that shows it did not follow the change."),
    ),
    _time("other-form", N_("Time is written in another form")),
    _time(
        "ambiguous",
        N_("Time: day or month first?"),
        N_("Both readings are real days. Look at the rest of the column, or in the source, and type the time again."),
    ),
    _time("impossible", N_("Time does not exist")),
    _time("form", N_("Time is not a time")),
    _volume("point", N_("Volume is written with a point")),
    _volume("decimals", N_("Volume does not have four decimals")),
    _volume(
        "ambiguous",
        N_("Volume: decimal point or thousands mark?"),
        N_(
            "One cell cannot tell. Look at the other volumes of the column, and type it with a comma and four decimals."
        ),
    ),
    _volume(
        "thousands",
        N_("Volume is written with a thousands mark"),
        N_("The other volumes of the column show which mark is the decimal one. Check it: it is a lot of energy."),
    ),
    _volume(
        "rounded",
        N_("Volume has more than four decimals"),
        N_("The protocol ends at four decimals, a tenth of a watt-hour. The repair rounds the number."),
    ),
    _volume("unit", N_("Volume is written with its unit")),
    _volume(
        "too-large",
        N_("Volume is too large"),
        N_("The protocol ends at 9999,9999 kWh. Meters often count in Wh: then divide by 1,000."),
    ),
    _volume(
        "negative",
        N_("Volume is negative"),
        N_("A charge data record can only bill energy that was delivered. Ask the charge point's operator."),
    ),
    _volume("form", N_("Volume is not a number")),
    _duration("seconds", N_("Duration is written in seconds")),
    _duration("excel", N_("Duration is a spreadsheet's fraction of a day")),
    _duration("other-form", N_("Duration is written in another form")),
    _duration("form", N_("Duration is not a duration")),
    _form(
        Country,
        "country",
        ("chargePointCountry",),
        "other-form",
        N_("Country is not written in three letters"),
        N_("The protocol names countries by the three letters of ISO 3166-1."),
    ),
    _form(
        Country,
        "country",
        ("chargePointCountry",),
        "form",
        N_("Country is not known"),
        N_("The protocol names countries by the three letters of ISO 3166-1. The cell may also be left empty."),
    ),
    _form(
        ObisCode,
        "obis",
        ("obisCode",),
        "form",
        N_("OBIS code has the wrong form"),
        N_("An OBIS code names the register of the meter. It is optional: the cell may also be left empty."),
    ),
)
