"""The institution's own language, its numbers, clock and day, where no person's count.

What programs write for citizens, on paper or into the chatter is Romanian, and a day
begins and ends at midnight in Romania, whatever clerk, scheduler or server says.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from odoo import fields

LANGUAGE = "ro_RO"
LOCAL_ZONE = ZoneInfo("Europe/Bucharest")

_COMMA_BELOW = str.maketrans("\u015f\u0163\u015e\u0162", "șțȘȚ")


def comma_below(text: str) -> str:
    r"""Write ș and ț with the comma below, as Romanian does.

    Older keyboards and code pages (Windows-1250) have only the letters with a cedilla.

    >>> comma_below("\u015etefan \u0162ăranu, cerere \u015ftampil\u0103")
    'Ștefan Țăranu, cerere ștampilă'
    """
    return text.translate(_COMMA_BELOW)


def in_romanian(records):
    """Return the records in Romanian, if the database speaks it, and local time."""
    context = {"tz": LOCAL_ZONE.key}
    if records.env["res.lang"]._get_data(code=LANGUAGE):
        context["lang"] = LANGUAGE
    return records.with_context(**context)


def counted(number: int, lang: str | None) -> str:
    """Return a number as it stands before its noun in a message.

    Romanian puts *de* between the number and the noun from twenty on, except where the
    last two digits are 1 to 19. A message with one noun has a text of its own where one
    is possible, and one text for all other numbers:

        env._("1 entry") if count == 1
        else env._("%(count)s entries", count=counted(count, env.lang))

    >>> counted(5, "ro_RO"), counted(20, "ro_RO"), counted(101, "ro_RO")
    ('5', '20 de', '101')
    >>> counted(0, "ro_RO"), counted(100, "ro_RO"), counted(119, "ro_RO")
    ('0', '100 de', '119')
    >>> counted(20, "en_US")
    '20'
    """
    last_two = abs(number) % 100
    if not (lang or "").startswith("ro") or number == 0 or 1 <= last_two <= 19:
        return str(number)
    return f"{number} de"


def local_time(moment: datetime) -> datetime:
    """Return the Romanian time, with its zone, of a naive UTC moment.

    >>> local_time(datetime(2026, 7, 1, 21, 30)).isoformat()
    '2026-07-02T00:30:00+03:00'
    """
    return moment.replace(tzinfo=UTC).astimezone(LOCAL_ZONE)


def local_day(moment: datetime | None = None) -> date:
    """Return the Romanian calendar day of a naive UTC moment (default: now).

    >>> local_day(datetime(2026, 12, 31, 22, 0))
    datetime.date(2027, 1, 1)
    """
    return local_time(moment or fields.Datetime.now()).date()
