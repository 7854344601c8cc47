"""Looking a card up everywhere: in the open list, in our last upload, in the downloaded list; and will it work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.card_doctor import Reading, is_cut_off, is_ruined, readings
from ochp_desktop.records.identity import normalised_contract_id, normalised_token_id
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_enumeration import ACTIVATED
from ochp_desktop.records.values import trimmed
from ochp_desktop.texts import N_, _

Row = Sequence[str]
_CONTRACT, _TOKEN, _PRINTED = (TOKENS.index(name) for name in ("evcoId", "tokenId", "printedNumber"))
_EXPIRY, _ACTIVE, _HUB = (TOKENS.index(name) for name in ("expiryDate", "tokenActivated", "roamingHubId"))
_DAY = TOKENS.field("expiryDate").type

_PROGRESS_AFTER = 20_000

OPEN_LIST = N_("Open list")
LAST_UPLOAD = N_("Last upload")
GLOBAL_LIST = N_("Downloaded list")


@dataclass(frozen=True, slots=True)
class Place:
    """One of the lists that were looked through.

    Attributes:
        name: which one, untranslated.
        is_there: whether there is such a list at all.
        rows: its rows that hold the card, by any of its readings, its contract or its printed number.
    """

    name: str
    is_there: bool
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was looked at.

    Attributes:
        title: what, translated.
        ok: True when all is well, False when the card will not work because of it, None when nobody can tell.
        text: what was found, translated.
    """

    title: str
    ok: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class CardReport:
    """What is known of a card.

    Attributes:
        asked: the text that was looked up.
        readings: what it may mean as a token id.
        ruined: whether a spreadsheet has made a number of it.
        places: the lists that were looked through.
        owner: who issued the card, as far as its contract says.
        answers: whether it will work, step by step.
        verdict: the whole in one sentence, translated.
        works: True yes, False no, None nobody can tell.
    """

    asked: str
    readings: Sequence[Reading]
    ruined: bool
    places: Sequence[Place]
    owner: Partner | None
    answers: Sequence[Answer]
    verdict: str
    works: bool | None


def look_up(
    workplace: Workplace, open_rows: Iterable[Row] | None, asked: str, today: date, cancel: Cancel
) -> Job[CardReport]:
    """Look a card up by token id (in any reading), contract id or printed number.

    Args:
        workplace: whose lists are looked through.
        open_rows: the rows of the list that is being edited, or None when none is open.
        asked: the number as somebody gave it.
        today: the day on which the card shall work.
        cancel: stops between rows.

    Raises:
        StoreError: the store cannot be read.
        Cancelled: stopped.
    """
    found = readings(asked)
    wanted = {reading.token_id for reading in found}
    contract, printed = normalised_contract_id(asked), trimmed(asked)

    def holds(row: Row) -> bool:
        return bool(
            (printed and trimmed(row[_PRINTED]) == printed)
            or (wanted and normalised_token_id(row[_TOKEN]) in wanted)
            or (contract and normalised_contract_id(row[_CONTRACT]) == contract)
        )

    places: list[Place] = []
    looked_at = 0
    text = _("Looking the card up")
    connection = workplace.connection
    for name in (OPEN_LIST, LAST_UPLOAD, GLOBAL_LIST):
        yield Progress(text, looked_at)
        cancel.check()
        rows: Iterable[Row] | None = None
        if name == OPEN_LIST:
            rows = open_rows
        elif connection is not None and name == LAST_UPLOAD:
            last = workplace.lists.last(connection.house, connection.user)
            rows = None if last is None else workplace.lists.rows(last.id)
        elif connection is not None:
            kept = workplace.lists.global_list(connection.house, connection.user)
            rows = None if kept is None else kept[1]
        found_rows = []
        for row in rows or ():
            looked_at += 1
            if looked_at % _PROGRESS_AFTER == 0:
                cancel.check()
                yield Progress(text, looked_at)
            if holds(row):
                found_rows.append(row)
        places.append(Place(name, rows is not None, found_rows))
    return _report(workplace, asked, found, places, today)


def _report(
    workplace: Workplace, asked: str, found: Sequence[Reading], places: Sequence[Place], today: date
) -> CardReport:
    book = workplace.book
    best = next((row for place in reversed(places) for row in place.rows), None)
    owner = None if best is None else book.owner_of_token(best[_CONTRACT], best[_HUB])
    ours = best is not None and (book.is_own(owner) or bool(places[0].rows or places[1].rows))
    answers = _where(places, ours=ours)
    if best is not None:
        answers += [_issuer(best, owner, ours=ours), _expiry(best, today), _active(best), *_cut_off(best)]
    works: bool | None = not any(answer.ok is False for answer in answers)
    if works and any(answer.ok is None for answer in answers):
        works = None
    verdict = {
        True: _("This card will work at partners."),
        False: _("This card will not work at partners: see what is marked."),
        None: _("It is not certain whether this card will work: see what is marked."),
    }[works]
    if best is None:
        works, verdict = False, _("This card is in none of the lists, however its number is read.")
    return CardReport(asked, found, is_ruined(asked), places, owner, answers, verdict, works)


def _where(places: Sequence[Place], *, ours: bool) -> list[Answer]:
    answers = []
    for place in places:
        title = _(place.name)
        if not place.is_there:
            missing = {
                OPEN_LIST: _("No list is open."),
                LAST_UPLOAD: _("Nothing was uploaded from this computer yet."),
                GLOBAL_LIST: _("The list was not downloaded yet. Download it to be sure."),
            }[place.name]
            # The downloaded list is what charge points go by; the others matter for our own cards alone.
            answers.append(Answer(title, None if place.name == GLOBAL_LIST else True, missing))
        elif place.rows:
            more = len(place.rows)
            text = _("It is in it, as {token}.") if more == 1 else _("It is in it {count} times, first as {token}.")
            answers.append(Answer(title, True, text.format(token=place.rows[0][_TOKEN], count=more)))
        elif place.name == GLOBAL_LIST:
            answers.append(Answer(title, False, _("It is not in it: charge points of partners do not know it.")))
        else:
            text = _("It is not in it.")
            answers.append(Answer(title, None if ours else True, text))
    return answers


def _issuer(row: Row, owner: Partner | None, *, ours: bool) -> Answer:
    title = _("Issued by")
    if ours:
        return Answer(title, True, _("It is one of our own cards."))
    if owner is None:
        text = _("The contract {contract} belongs to no partner that we know.")
        return Answer(title, None, text.format(contract=row[_CONTRACT]))
    return Answer(title, True, _("It is a card of {partner}.").format(partner=owner.title))


def _expiry(row: Row, today: date) -> Answer:
    title, day = _("Expires"), _DAY.parse(row[_EXPIRY])
    if day is None:
        return Answer(title, None, _("“{text}” is no date.").format(text=row[_EXPIRY]))
    if day < today:
        return Answer(title, False, _("It expired on {date}.").format(date=row[_EXPIRY]))
    return Answer(title, True, _("It is valid until {date}.").format(date=row[_EXPIRY]))


def _active(row: Row) -> Answer:
    active = ACTIVATED.parse(row[_ACTIVE]) == 1
    return Answer(_("Active"), active, _("It is active.") if active else _("It is switched off."))


def _cut_off(row: Row) -> list[Answer]:
    if not is_cut_off(normalised_token_id(row[_TOKEN])):
        return []
    text = _("It begins with 88: that is the first part of a longer id, which charge points will not recognise.")
    return [Answer(_("Token id"), False, text)]
