"""Value types of time: expiry date, instant with offset, duration."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, ClassVar

from ochp_desktop.records import date_forms
from ochp_desktop.records.values import Complaint, ValueType, quoted, trimmed
from ochp_desktop.texts import N_

_LONGEST = 60


class ExpiryDate(ValueType):
    """A day written dd/mm/yyyy."""

    name = "date"
    faults: ClassVar[Mapping[str, str]] = {
        "year-first": N_("“{value}” is written year first. Write the day first: dd/mm/yyyy."),
        "month-first": N_("“{value}” is written month first. Write the day first: dd/mm/yyyy."),
        "other-form": N_("“{value}” is not written dd/mm/yyyy. Write it so."),
        "ambiguous": N_(
            "“{value}” may mean {one} or {other}: which number is the day? Look in the source and type it again."
        ),
        "serial": N_(
            "“{value}” is a spreadsheet's day number instead of a date; it may mean {one}. Compare it with the source."
        ),
        "impossible": N_(
            "“{value}” is a day that does not exist. Look the date up and type it again; often the end of the month is "
            "meant."
        ),
        "form": N_("“{value}” is not a date. Type the last day on which the card may charge, as 31/12/2027."),
    }
    # Days above 28 need a calendar; `check` has one.
    clean = re.compile(r"(?:0[1-9]|1[0-9]|2[0-8])/(?:0[1-9]|1[0-2])/[12][0-9]{3}")
    ways = (date_forms.DAY_FIRST, date_forms.MONTH_FIRST)
    _form = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")

    def vote(self, text: str) -> tuple[str, bool]:
        """25/12/2027 says day first, 12/25/2027 month first, 1/2/2027 waits for them."""
        if self._form.fullmatch(text):
            return date_forms.order_of(text), False
        found = date_forms.read_day(text) if len(text) <= _LONGEST else None
        return (date_forms.order_of(text), len(found.days) > 1) if found else ("", False)

    def settled(self, text: str, way: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """The day in the column's order."""
        found = date_forms.read_day(text) if len(text) <= _LONGEST else None
        if found is None or len(found.days) == 1 or not found.days:
            return None
        day = found.days[0] if way == date_forms.DAY_FIRST else found.days[1]
        fault = "other-form" if way == date_forms.DAY_FIRST else "month-first"
        return self.complain(fault, self.format(day), certain=True, value=quoted(text), one=self.format(day))

    def parse(self, text: str) -> date | None:
        """The day of a text in the right form."""
        found = self._form.fullmatch(trimmed(text))
        return date_forms.day_of(found[3], found[2], found[1]) if found else None

    def format(self, value: Any) -> str:
        """dd/mm/yyyy."""
        return f"{value.day:02}/{value.month:02}/{value.year:04}"

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """Anything but a real day written dd/mm/yyyy; repaired where only one day can be meant."""
        trim = trimmed(text)
        if not trim or self.parse(trim) is not None:
            return None
        value = quoted(trim)
        found = date_forms.read_day(trim) if len(trim) <= _LONGEST else None
        if found is None:
            return self.complain("form", value=value)
        days = [self.format(day) for day in found.days]
        if not days:
            return self.complain("impossible", self._end_of_month(trim), value=value)
        if len(days) > 1:
            return self.complain("ambiguous", value=value, one=days[0], other=days[1])
        return self.complain(found.order, days[0], certain=found.certain, value=value, one=days[0])

    def _end_of_month(self, text: str) -> str | None:
        """The last day of the month of a day such as 31/11/2027, which is probably meant."""
        found = self._form.fullmatch(text)
        if found is None or not 1 <= int(found[1]) <= 31:  # noqa: PLR2004 - the longest month
            return None
        first = date_forms.day_of(found[3], found[2], "01")
        return None if first is None else self.format(first.replace(day=monthrange(first.year, first.month)[1]))

    def sort_key(self, text: str) -> Any:
        """By day."""
        day = self.parse(text)
        return (0, day.toordinal()) if day else super().sort_key("") if not trimmed(text) else (1, text.casefold())


_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
)


# A dozen rules ask for the same few thousand times, one after the other.
@lru_cache(maxsize=20_000)
def _instant(text: str) -> datetime | None:
    trim = trimmed(text)
    if not _INSTANT.fullmatch(trim):
        return None
    try:
        return datetime.fromisoformat(trim)
    except ValueError:
        return None


class OffsetDateTime(ValueType):
    """Local time with its offset from UTC, ISO 8601: 2011-06-01T11:45:30+02:00."""

    name = "date-time"
    faults: ClassVar[Mapping[str, str]] = {
        "no-offset": N_(
            "“{value}” does not say its time zone, as +01:00 (winter) or +02:00 (summer) at its end "
            "would. Say in which time zone the times of this table are meant."
        ),
        "doubled-hour": N_("“{value}” came twice that night, when the clocks were set back: type {one} or {other}."),
        "missing-hour": N_("“{value}” did not exist that night: the clocks were set forward. Ask where it comes from."),
        "other-form": N_("“{value}” is not written as 2026-10-01T11:45:30+02:00. Write it so."),
        "ambiguous": N_(
            "“{value}” may mean {one} or {other}: which number is the day? Look in the source and type it again."
        ),
        "impossible": N_("“{value}” is a time that does not exist. Look it up and type it again."),
        "form": N_("“{value}” is not a date and time. Type it as 2026-10-01T11:45:30+02:00."),
    }
    clean = re.compile(
        r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
        r"[+-](?:0[0-9]|1[0-3]):[0-5][0-9]"
    )
    ways = (date_forms.DAY_FIRST, date_forms.MONTH_FIRST)

    def vote(self, text: str) -> tuple[str, bool]:
        """As for days: 25/12/2026 10:00 says day first, 1/2/2026 10:00 waits."""
        if len(text) > _LONGEST or self.clean.fullmatch(text):
            return "", False
        found = date_forms.read_moment(text)
        return (date_forms.order_of(text), len(found.moments) > 1) if found else ("", False)

    def settled(self, text: str, way: str, zone: tzinfo | None = None) -> Complaint | None:
        """The moment with its day in the column's order."""
        found = date_forms.read_moment(text) if len(text) <= _LONGEST else None
        if found is None or len(found.moments) <= 1:
            return None
        moment = found.moments[0] if way == date_forms.DAY_FIRST else found.moments[1]
        return self._one(quoted(text), moment, date_forms.Moments(False, (moment,), True), zone)

    def parse(self, text: str) -> datetime | None:
        """The instant of a text in the right form, with its offset."""
        return _instant(text) if len(text) <= _LONGEST else None

    def format(self, value: Any) -> str:
        """ISO 8601 with offset, to the second."""
        return str(value.isoformat(timespec="microseconds" if value.microsecond else "seconds"))

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:
        """Anything but an instant with offset; an offset is added where the zone is known and the hour is sure."""
        trim = trimmed(text)
        if not trim or self.parse(trim) is not None:
            return None
        value = quoted(trim)
        found = date_forms.read_moment(trim) if len(trim) <= _LONGEST else None
        if found is None:
            return self.complain("form", value=value)
        if len(found.moments) > 1:
            one, other = (moment.date().isoformat() for moment in found.moments)
            return self.complain("ambiguous", value=value, one=one, other=other)
        if not found.moments:
            return self.complain("impossible", value=value)
        return self._one(value, found.moments[0], found, zone)

    def sort_key(self, text: str) -> Any:
        """By instant."""
        moment = self.parse(text)
        if moment is not None:
            return (0, (moment - _EPOCH).total_seconds())
        return super().sort_key("") if not trimmed(text) else (1, text.casefold())

    def _one(self, value: str, moment: datetime, found: date_forms.Moments, zone: tzinfo | None) -> Complaint:
        """The complaint about a text that can only mean this moment."""
        if moment.tzinfo is not None:
            repair = self.format(moment)
            if self.parse(repair) is None:
                return self.complain("impossible", value=value)
            return self.complain("other-form", repair, certain=found.certain, value=value)
        fault = "no-offset" if found.year_first else "other-form"
        if zone is None:
            return self.complain(fault, value=value)
        first, second = moment.replace(tzinfo=zone, fold=0), moment.replace(tzinfo=zone, fold=1)
        before, after = first.utcoffset(), second.utcoffset()
        assert before is not None
        assert after is not None
        if before > after:
            return self.complain("doubled-hour", value=value, one=self.format(first), other=self.format(second))
        if before < after:
            return self.complain("missing-hour", value=value)
        repair = self.format(first)
        # Before there were time zones, offsets had seconds; such a repair would not be a date-time.
        return self.complain(fault, repair if self.parse(repair) else None, certain=found.certain, value=value)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Duration(ValueType):
    """A length of time, H:MM:SS; hours may pass 24."""

    name = "duration"
    faults: ClassVar[Mapping[str, str]] = {
        "seconds": N_("“{value}” looks like seconds. Write it as hours, minutes and seconds: {written}."),
        "excel": N_(
            "“{value}” is how a spreadsheet keeps a duration. Write it as hours, minutes and seconds: {written}."
        ),
        "other-form": N_(
            "“{value}” is not written as hours, minutes and seconds (1:16:40). Write it so, or leave the cell empty."
        ),
        "form": N_("“{value}” is not a duration. Type it as 0:00:28, or leave the cell empty."),
    }
    clean = re.compile(r"[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]")
    _days = re.compile(r"([0-9]{1,2})[.,]([0-9]{2,20})")
    _words = re.compile(
        r"(?:PT)?(?=[0-9])(?:([0-9]{1,3})\s?(?:h|hours?|uur|std\.?|u)\s?)?(?:([0-9]{1,4})\s?(?:m|min\.?|minutes?|minuten)\s?)?"
        r"(?:([0-9]{1,5})\s?(?:s|sec\.?|sek\.?|seconds?))?",
        re.IGNORECASE,
    )

    def parse(self, text: str) -> timedelta | None:
        """The length of time of a text in the right form."""
        trim = trimmed(text)
        if not self.clean.fullmatch(trim):
            return None
        hours, minutes, seconds = trim.split(":")
        return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))

    def format(self, value: Any) -> str:
        """H:MM:SS, to the second."""
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}"

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """Anything but H:MM:SS; repaired where the text is a number or says its units."""
        trim = trimmed(text)
        if not trim or self.clean.fullmatch(trim):
            return None
        value = quoted(trim)
        if re.fullmatch(r"[0-9]{1,7}", trim):
            written = self.format(timedelta(seconds=int(trim)))
            return self.complain("seconds", written, value=value, written=written)
        if days := self._days.fullmatch(trim):
            written = self.format(timedelta(days=float(f"{days[1]}.{days[2]}")))
            return self.complain("excel", written, value=value, written=written)
        if len(trim) <= _LONGEST and (words := self._words.fullmatch(trim)) and any(words.groups()):
            hours, minutes, seconds = (int(part or 0) for part in words.groups())
            written = self.format(timedelta(hours=hours, minutes=minutes, seconds=seconds))
            return self.complain("other-form", written, certain=True, value=value)
        return self.complain("form", value=value)

    def sort_key(self, text: str) -> Any:
        """By length."""
        value = self.parse(text)
        if value is not None:
            return (0, value.total_seconds())
        return super().sort_key("") if not trimmed(text) else (1, text.casefold())
