"""What somebody means who looks for a document, as people say it.

„popescu urbanism octombrie”, ``1234/2026``, ``1234/10.11.2026``, a CNP, a part of a
street: one line of text becomes a :class:`Question`, which the model answers. Nothing
here knows ``env``; the second half are the database's own functions, which keep the
words of every entry fresh.

Times that are no calendar days („octombrie”, „2025”) may as well be words of the text;
so they are asked as words *or* marks. Marks are lexemes that no text contains:
``@y2026`` the year and ``@m10`` the month of registration, ``@n05`` its day of the
month, ``@d12`` the department. ``~popescu`` is in the name of issuer or recipient.
A day without its year, „22.11”, is asked so too: it may be somebody else's number.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

MAX_WORDS, MAX_LENGTH = 12, 24
MIN_STEM = 5
"""A shorter stem would find too much: *maria* has the stem *mar*, as *mare* has."""
MAX_NUMBER = 2**31 - 1
FIRST_YEAR = 1990

MONTHS = {
    name: number
    for number, name in enumerate(
        ("ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie",
         "august", "septembrie", "octombrie", "noiembrie", "decembrie"), 1
    )
}  # fmt: skip
#: How months are written after a day: „22 nov.”, „3 sept.”
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items()} | {
    "nov": 11,
    "sept": 9,
}
#: What everybody writes differently, or leaves out.
FILLERS = frozenset({
    "a", "al", "ale", "bd", "bdul", "bulevardul", "cu", "de", "din", "despre", "in",
    "la", "lui", "nr", "numar", "numarul", "pe", "pentru", "prin", "privind", "si",
    "sau", "str", "strada", "un", "una",
})  # fmt: skip
DAYS = {"azi": 0, "astazi": 0, "ieri": -1, "alaltaieri": -2}

_TOKEN = re.compile(r'"([^"]*)"|„([^”"]*)[”"]|(\S+)')
_DAY = r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})"
_NUMBER = re.compile(rf"(?:[^\W\d]{{1,8}}-?)?(\d{{1,10}})/(?:(\d{{4}})|{_DAY})")
_DATE = re.compile(_DAY)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{1,2})\.(\d{4})")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Word:
    """A word that must be there, or one of the marks that stand for it.

    A text or a mark of several words, with blanks between, means all of them.
    """

    text: str
    exact: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is asked for; everything that is set must hold at once."""

    words: tuple[Word, ...] = ()
    number: int | None = None
    year: int | None = None
    first: date | None = None
    last: date | None = None
    code: str | None = None
    """A CNP, a CUI, or an e-mail address."""
    number_words: tuple[Word, ...] = ()
    """The number as part of a text: „HCL 12/2020” stands in the summary."""


def plain(text: str) -> str:
    """Take away case and diacritics, as the database does for the words it keeps.

    >>> plain("Țărână-Pop Ștefan")
    'tarana-pop stefan'
    """
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if not unicodedata.combining(c)).casefold()


def parse(spoken: str, today: date) -> Question:
    """Understand one line as people say it.

    >>> today = date(2026, 11, 22)
    >>> parse("1234/2026", today).number, parse("1234/2026", today).year
    (1234, 2026)
    >>> parse("1234/10.11.2026", today).first
    datetime.date(2026, 11, 10)
    >>> [w.text for w in parse("Popescu, str. Mihai Viteazu nr. 5", today).words]
    ['popescu', 'mihai', 'viteazu', '5']
    >>> parse("popescu octombrie", today).words[1].marks
    ('@m10',)
    >>> parse("1800101221144", today).code
    '1800101221144'
    >>> parse("popescu ieri", today).first
    datetime.date(2026, 11, 21)
    >>> parse("22.11", today).words
    (Word(text='22 11', exact=True, marks=('@n22 @m11 @y2026',)),)
    """
    parser = _Parser(today)
    tokens = [(m[1] or m[2], m[3]) for m in _TOKEN.finditer(spoken or "")]
    for quoted, token in tokens:
        if quoted is not None and token is None:
            parser.add_words(quoted, exact=True)
        elif token:
            parser.add(token)
    return parser.question(alone=len(tokens) == 1)


def beginning(word: str, stem: str | None) -> str:
    """Cut the ending off a word, as far as its stem agrees with it.

    >>> beginning("urbanismului", "urbanist"), beginning("maria", "mar")
    ('urbanis', 'maria')
    """
    length = 0
    for a, b in zip(word, stem or "", strict=False):
        if a != b:
            break
        length += 1
    return word[:length] if length >= MIN_STEM else word


def terms(words: tuple[Word, ...], stems: dict[str, str | None], marks: dict) -> str:
    """Write words as a PostgreSQL tsquery.

    :param stems: the Romanian stem of each word
    :param marks: further marks by word, e.g. those of departments called so

    >>> terms((Word("impozitului"), Word("5")), {"impozitului": "impoz"}, {})
    "('impoz':*) & ('5')"
    >>> terms((Word("urbanism"),), {"urbanism": "urbanist"}, {"urbanism": ["@d7"]})
    "('urbanis':* | '@d7')"
    >>> terms((Word("22 11", True, ("@n22 @m11 @y2026",)),), {}, {})
    "('22' & '11' | '@n22' & '@m11' & '@y2026')"
    """
    found = []
    for word in words[:MAX_WORDS]:
        whole = word.exact or len(word.text) == 1
        text = word.text if whole else beginning(word.text, stems.get(word.text))
        choices = [_all_of(text[:MAX_LENGTH]) + ("" if whole else ":*")]
        choices += map(_all_of, (*word.marks, *marks.get(word.text, ())))
        found.append(f"({' | '.join(choices)})")
    return " & ".join(found)


def _all_of(lexemes: str) -> str:
    return " & ".join(f"'{lexeme}'" for lexeme in lexemes.split())


def words_of(text: str) -> tuple[str, ...]:
    """Return the plain words of a text.

    >>> words_of("Popescu-Țărână Ion")
    ('popescu', 'tarana', 'ion')
    """
    return tuple(_WORD.findall(plain(text)))


def name_terms(words: tuple[str, ...]) -> str:
    """Write the beginnings of names as a tsquery.

    >>> name_terms(("popescu", "ion"))
    "'~popescu':* & '~ion':*"
    """
    return " & ".join(f"'~{word[:MAX_LENGTH]}':*" for word in words[:MAX_WORDS])


class _Parser:
    """Takes the tokens one after the other; some belong to the one before."""

    def __init__(self, today: date):
        self.today = today
        self.words: list[Word] = []
        self.found: dict = {}
        self.number_words: tuple[Word, ...] = ()

    def add(self, token: str) -> None:
        bare = token.strip(".,;:()")
        for reader in (
            self._number,
            self._date,
            self._month,
            self._day_of_year,
            self._relative,
            self._code,
            self._named_month,
            self._year,
        ):
            if reader(bare):
                return
        self.add_words(bare)

    def add_words(self, text: str, *, exact: bool = False) -> None:
        self.words += [Word(w, exact) for w in words_of(text)]

    def question(self, *, alone: bool) -> Question:
        """Put it together; a number that stands alone is a registration number."""
        words = [w for w in self.words if w.exact or w.text not in FILLERS]
        words = words or ([] if self.found else self.words)
        spoken = [w.text for w in self.words]
        if len(words) == 1 and (alone or spoken[0] in {"nr", "numar", "numarul"}):
            (word,) = words
            number = word.text.isdecimal() and int(word.text)
            if number and number <= MAX_NUMBER and not word.exact:
                self.found["number"] = number
                self.number_words, words = (Word(word.text, exact=True),), []
        return Question(
            words=tuple(words[:MAX_WORDS]),
            number_words=self.number_words,
            **self.found,
        )

    # -- readers: each takes what it knows and says whether it did ----------------

    def _number(self, token: str) -> bool:
        if not (match := _NUMBER.fullmatch(token)) or "number" in self.found:
            return False
        number, year, *day = match.groups()
        if int(number) > MAX_NUMBER:
            return False
        if day[0]:
            if not (moment := _day(*day)):
                return False
            self.found |= {"first": moment, "last": moment}
        else:
            self.found["year"] = int(year)
        self.found["number"] = int(number)
        self.number_words = tuple(Word(w, exact=True) for w in _WORD.findall(token))
        return True

    def _date(self, token: str) -> bool:
        if match := _DATE.fullmatch(token):
            moment = _day(*match.groups())
        elif match := _ISO_DATE.fullmatch(token):
            moment = _day(*reversed(match.groups()))
        else:
            return False
        if moment:
            self.found |= {"first": moment, "last": moment}
        return bool(moment)

    def _month(self, token: str) -> bool:
        match = _MONTH.fullmatch(token)
        if not match or not 1 <= int(match[1]) <= 12 or not self._is_year(match[2]):
            return False
        first = date(int(match[2]), int(match[1]), 1)
        days = calendar.monthrange(first.year, first.month)[1]
        self.found |= {"first": first, "last": first.replace(day=days)}
        return True

    def _day_of_year(self, token: str) -> bool:
        """A day whose year goes without saying: the last one that has been.

        It stays two words too: a letter's own number may be „22.11”.
        """
        match = _DAY_OF_YEAR.fullmatch(token)
        moment = match and self._last(*match.groups())
        if not moment:
            return False
        mark = f"@n{moment:%d} @m{moment:%m} @y{moment.year}"
        self.words.append(Word(" ".join(match.groups()), exact=True, marks=(mark,)))
        return True

    def _last(self, day: str, month: str) -> date | None:
        """Return the last day called so, today included; none for 31.02.

        Eight years go back from any leap day to the one before.
        """
        years = range(self.today.year, self.today.year - 9, -1)
        days = filter(None, (_day(day, month, year) for year in years))
        return next((each for each in days if each <= self.today), None)

    def _relative(self, token: str) -> bool:
        back = DAYS.get(plain(token))
        if back is None:
            return False
        moment = self.today + timedelta(days=back)
        self.found |= {"first": moment, "last": moment}
        return True

    def _code(self, token: str) -> bool:
        digits = re.sub(r"^RO", "", token, flags=re.IGNORECASE)
        is_cui = digits != token and digits.isdecimal()
        if is_cui or "@" in token or (token.isdecimal() and len(token) == 13):
            self.found["code"] = token.lower() if "@" in token else digits
            return True
        return False

    def _named_month(self, token: str) -> bool:
        follows_day = self.words and re.fullmatch(r"[0-3]?\d", self.words[-1].text)
        month = MONTHS.get(plain(token))
        if follows_day and not month:
            month = SHORT_MONTHS.get(plain(token))
        if not month:
            return False
        if follows_day:
            day = self.words.pop().text
            self.words.append(Word(day, exact=True, marks=(f"@n{int(day):02}",)))
        self.words.append(Word(plain(token), marks=(f"@m{month:02}",)))
        return True

    def _year(self, token: str) -> bool:
        """A year that follows something; alone it is a number."""
        if not self.words or not self._is_year(token):
            return False
        self.words.append(Word(token, marks=(f"@y{token}",)))
        return True

    def _is_year(self, token: str) -> bool:
        return (
            token.isdecimal()
            and len(token) == 4
            and FIRST_YEAR <= int(token) <= self.today.year + 1
        )


def _day(day: str, month: str, year: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


# ------------------------------------------------------------------ in the database


def install(cursor) -> None:
    """Create or replace functions and triggers; safe to repeat."""
    cursor.execute(_FUNCTIONS)


def uninstall(cursor) -> None:
    """Take the triggers off the tables of others."""
    cursor.execute("DROP FUNCTION IF EXISTS pcu_register_index_changed() CASCADE")


# Generic plans: planning these statements anew costs three times as much as running
# them, and every registration runs them.
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION pcu_register_index_words(p_entry_ids integer[])
RETURNS TABLE (entry_id integer, vector tsvector) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT e.id,
           pcu_search_vector(concat_ws(' ', e.summary, e.external_number,
               s.name, s.street, s.street2, s.city,
               r.name, r.street, r.street2, r.city, d.names))
           || array_to_tsvector(array_remove(ARRAY[
               '@d' || e.department_id, '@y' || e.year,
               '@m' || to_char(e.registration_date, 'MM'),
               '@n' || to_char(e.registration_date, 'DD')], NULL))
           || array_to_tsvector(ARRAY(
               SELECT DISTINCT '~' || left(word, 24)
                 FROM regexp_split_to_table(
                      pcu_search_plain(concat_ws(' ', s.name, r.name)), ' ') AS word
                WHERE word <> ''))
           || coalesce(d.words, '')
      FROM pcu_register_entry e
      LEFT JOIN res_partner s ON s.id = e.sender_id
      LEFT JOIN res_partner r ON r.id = e.recipient_id
      LEFT JOIN LATERAL (
          SELECT (SELECT string_agg(f.name, ' ') FROM pcu_document f
                   WHERE f.entry_id = e.id AND f.kind <> 'copy') AS names,
                 -- A vector holds at most 1 MB, whatever lies with an entry.
                 (SELECT array_to_tsvector(array_agg(w.word)) FROM (
                      SELECT unnest(tsvector_to_array(f.search_vector)) AS word
                        FROM pcu_document f WHERE f.entry_id = e.id
                       LIMIT 30000) w) AS words
           WHERE EXISTS (SELECT 1 FROM pcu_document f WHERE f.entry_id = e.id)
      ) d ON true
     WHERE e.id = ANY(p_entry_ids);
END $$;

CREATE OR REPLACE FUNCTION pcu_register_index_refresh(p_entry_ids integer[])
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO pcu_register_index (entry_id, vector)
    SELECT entry_id, vector FROM pcu_register_index_words(p_entry_ids)
    ON CONFLICT (entry_id) DO UPDATE SET vector = excluded.vector
     WHERE pcu_register_index.vector <> excluded.vector;
END $$;

CREATE OR REPLACE FUNCTION pcu_register_index_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'pcu_register_entry' THEN
        PERFORM pcu_register_index_refresh(ARRAY[NEW.id]);
    ELSIF TG_TABLE_NAME = 'res_partner' THEN
        PERFORM pcu_register_index_refresh(ARRAY(
            SELECT id FROM pcu_register_entry
             WHERE sender_id = NEW.id OR recipient_id = NEW.id));
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM pcu_register_index_refresh(ARRAY[OLD.entry_id, NEW.entry_id]);
    ELSE
        PERFORM pcu_register_index_refresh(ARRAY[NEW.entry_id]);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER pcu_register_index_new_entry
AFTER INSERT ON pcu_register_entry FOR EACH ROW
EXECUTE FUNCTION pcu_register_index_changed();

CREATE OR REPLACE TRIGGER pcu_register_index_entry
AFTER UPDATE OF summary, external_number, sender_id, recipient_id, department_id,
    registration_date ON pcu_register_entry FOR EACH ROW
WHEN ((OLD.summary, OLD.external_number, OLD.sender_id, OLD.recipient_id,
       OLD.department_id, OLD.registration_date) IS DISTINCT FROM
      (NEW.summary, NEW.external_number, NEW.sender_id, NEW.recipient_id,
       NEW.department_id, NEW.registration_date))
EXECUTE FUNCTION pcu_register_index_changed();

CREATE OR REPLACE TRIGGER pcu_register_index_partner
AFTER UPDATE OF name, street, street2, city ON res_partner FOR EACH ROW
WHEN ((OLD.name, OLD.street, OLD.street2, OLD.city) IS DISTINCT FROM
      (NEW.name, NEW.street, NEW.street2, NEW.city))
EXECUTE FUNCTION pcu_register_index_changed();

CREATE OR REPLACE TRIGGER pcu_register_index_new_document
AFTER INSERT ON pcu_document FOR EACH ROW WHEN (NEW.entry_id IS NOT NULL)
EXECUTE FUNCTION pcu_register_index_changed();

CREATE OR REPLACE TRIGGER pcu_register_index_document
AFTER UPDATE OF entry_id, search_vector ON pcu_document FOR EACH ROW
WHEN ((OLD.entry_id, OLD.search_vector) IS DISTINCT FROM
      (NEW.entry_id, NEW.search_vector))
EXECUTE FUNCTION pcu_register_index_changed();
"""
