"""The numbering kernel: gap-free numbers for rows that are already safe.

A register entry is committed as *waiting*; right after that commit one short
statement numbers every committed waiting row of its register-year, in the order of
registration. It works on a plain psycopg2 cursor, knows no ``env``, and costs one
round trip because the loop lives in the database as a function.

Why it is correct:

* a number is given only to a committed row, so no rollback can lose one;
* one numberer at a time works for a year, the others wait together and leave when
  their row has been numbered; they write nothing and wake at once, not one by one;
* the counter moves in the transaction that numbers the rows, and under its row lock;
* rows that someone else holds locked are left for the next call, so that one slow
  desk never stops a register;
* a reply takes the number of the entry it answers and a line of a range the number set
  aside for it: neither moves the counter (docs/decisions/0005);
* a range is taken off the counter in one step, after its own row is safe;
* ``UNIQUE (register_year_id, number)`` and the triggers below are the last wall.

The function must run in READ COMMITTED to see what others have just committed. In a
test's single transaction any isolation level sees the rows.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from psycopg2.extensions import TRANSACTION_STATUS_IDLE, connection

DEFAULT_FORMAT = "{number}/{date}"
WORK_LOCK, TURN_LOCK = 5260117, 5260118
"""First halves of two advisory lock keys ("PCU" in ASCII); the other is the year's id.

Who gets the turn takes the work lock and numbers for all; who doesn't get it waits for
the work lock in shared mode, so that the end of the work wakes all at once. A plain
queue would wake one after the other, each waiting for the processor again.
"""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"number(?::0(\d{1,2})d)?")
_OTHERS = {"date", "year", "code"}


def check_format(number_format: str) -> str | None:
    """Return what is wrong with a number format, or None.

    >>> check_format("{number}/{date}")
    >>> check_format("{code}-{number:06d}/{year}")
    >>> check_format("{date}")
    'number'
    >>> check_format("{number}/{month}")
    'month'
    >>> check_format("{number}/{")
    '{'
    """
    names = _PLACEHOLDER.findall(number_format or "")
    for name in names:
        if name not in _OTHERS and not _NUMBER.fullmatch(name):
            return name
    rest = _PLACEHOLDER.sub("", number_format or "")
    if brace := re.search(r"[{}]", rest):
        return brace.group()
    if sum(bool(_NUMBER.fullmatch(name)) for name in names) != 1:
        return "number"
    return None


def format_reference(number_format: str, number: int, day: date, code: str) -> str:
    """Write a number as it is cited; the database function does the same.

    >>> format_reference("{number}/{date}", 12345, date(2026, 11, 10), "RG")
    '12345/10.11.2026'
    >>> format_reference("{code}-{number:06d}/{year}", 42, date(2026, 11, 10), "RG")
    'RG-000042/2026'
    """
    values = {"date": f"{day:%d.%m.%Y}", "year": f"{day:%Y}", "code": code or ""}

    def fill(match):
        name = match.group(1)
        if numbered := _NUMBER.fullmatch(name):
            return str(number).zfill(int(numbered.group(1) or 0))
        return values[name]

    return _PLACEHOLDER.sub(fill, number_format)


def is_idle(cnx: connection) -> bool:
    """Tell whether a connection is between two transactions."""
    return cnx.get_transaction_status() == TRANSACTION_STATUS_IDLE


@contextmanager
def short_transactions(cnx: connection) -> Iterator[None]:
    """Make each statement a READ COMMITTED transaction of its own, then restore.

    The level goes back to the default *before* autocommit begins: otherwise psycopg2
    spends two round trips on telling the server what it will not use.
    """
    level, readonly = cnx.isolation_level, cnx.readonly
    cnx.set_session(isolation_level="DEFAULT", readonly="DEFAULT")
    cnx.autocommit = True
    try:
        yield
    finally:
        if not cnx.closed:
            cnx.autocommit = False
            cnx.set_session(
                isolation_level=level or "DEFAULT",
                readonly="DEFAULT" if readonly is None else readonly,
            )


def number_waiting(
    cursor, year_id: int, entry_ids: list[int] | None = None
) -> list[tuple[int, int]]:
    """Number the waiting rows of one register-year; one round trip.

    :param entry_ids: the rows the caller waits for; it returns at once when others
        have numbered them. None means: whatever waits.
    :return: ``(entry id, number)`` of the rows numbered by this very call
    """
    cursor.execute(
        "SELECT * FROM pcu_register_number_waiting(%s, %s)", (year_id, entry_ids)
    )
    return cursor.fetchall()


def set_aside(cursor, range_ids: list[int]) -> list[int]:
    """Take the numbers of waiting ranges off their years' counters; one round trip.

    :return: the ids of the ranges that have their numbers since this very call
    """
    cursor.execute("SELECT * FROM pcu_register_set_aside(%s)", (range_ids,))
    return [range_id for (range_id,) in cursor.fetchall()]


def unused_runs(
    first: int, last: int, used: Iterable[int]
) -> Iterator[tuple[int, int]]:
    """Give the runs of numbers from first to last that nobody used.

    >>> list(unused_runs(10, 20, [10, 11, 15, 20]))
    [(12, 14), (16, 19)]
    >>> list(unused_runs(1, 3, [])), list(unused_runs(1, 2, [2, 1]))
    ([(1, 3)], [])
    """
    begin = first
    for number in [*sorted(used), last + 1]:
        if number > begin:
            yield begin, number - 1
        begin = number + 1


def run_text(first: int, last: int) -> str:
    """Write a run of numbers.

    >>> run_text(25, 34), run_text(7, 7)
    ('25–34', '7')
    """
    return str(first) if first == last else f"{first}–{last}"


def registered_by_programs(cursor, entry_ids: list[int]) -> list[int]:
    """Return those of the entries that carry a program's key; one round trip."""
    cursor.execute(
        "SELECT id FROM pcu_register_entry WHERE id = ANY(%s)"
        " AND origin_key IS NOT NULL ORDER BY id",
        (entry_ids,),
    )
    return [entry_id for (entry_id,) in cursor.fetchall()]


def install_functions(cursor) -> None:
    """Create or replace the kernel's functions; safe to repeat."""
    cursor.execute(_FUNCTIONS)


def install_triggers(cursor, table: str) -> None:
    """Put the guards on one table; safe to repeat, needs the functions."""
    cursor.execute(_TRIGGERS[table])


_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION pcu_register_reference(
    number_format text, code text, number integer, day date
) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    digits text := number::text;
    width integer := (regexp_match(number_format, '\\{{number:0(\\d+)d\\}}'))[1];
BEGIN
    IF width > length(digits) THEN
        digits := lpad(digits, width, '0');
    END IF;
    RETURN replace(replace(replace(
        regexp_replace(number_format, '\\{{number(:0\\d+d)?\\}}', digits),
        '{{date}}', to_char(day, 'DD.MM.YYYY')),
        '{{year}}', to_char(day, 'YYYY')),
        '{{code}}', coalesce(code, ''));
END $$;

DROP FUNCTION IF EXISTS pcu_register_number_waiting(integer);
CREATE OR REPLACE FUNCTION pcu_register_number_waiting(
    p_year_id integer, p_entry_ids integer[]
) RETURNS TABLE (entry_id integer, entry_number integer)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    v_ids integer[];
    v_given integer[];
    v_first integer;
    v_format text;
    v_code text;
    v_since timestamp := '-infinity';
BEGIN
    -- In READ COMMITTED every statement below has its own, fresh snapshot.
    WHILE NOT pg_try_advisory_xact_lock({TURN_LOCK}, p_year_id) LOOP
        BEGIN
            PERFORM pg_advisory_xact_lock_shared({WORK_LOCK}, p_year_id);
            RAISE EXCEPTION USING ERRCODE = 'PCU01';
        EXCEPTION WHEN SQLSTATE 'PCU01' THEN
            NULL;  -- rolling this block back has released the shared lock
        END;
        IF p_entry_ids IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM pcu_register_entry e
             WHERE e.id = ANY(p_entry_ids) AND e.state = 'waiting') THEN
            RETURN;
        END IF;
    END LOOP;
    PERFORM pg_advisory_xact_lock({WORK_LOCK}, p_year_id);
    IF p_entry_ids IS NOT NULL THEN
        -- Rows leave the index of waiting ones only by vacuum: don't walk over all
        -- that were numbered since. What is older is the minute sweep's.
        SELECT min(e.registered_at) - interval '5 seconds' INTO v_since
          FROM pcu_register_entry e WHERE e.id = ANY(p_entry_ids);
    END IF;
    SELECT array_agg(w.id ORDER BY w.registered_at, w.id) FILTER (WHERE w.own),
           array_agg(w.id) FILTER (WHERE NOT w.own)
      INTO v_ids, v_given
      FROM (SELECT e.id, e.registered_at,
                   e.answers_id IS NULL AND e.range_id IS NULL AS own
              FROM pcu_register_entry e
             WHERE e.register_year_id = p_year_id AND e.state = 'waiting'
               AND e.registered_at >= v_since
               FOR NO KEY UPDATE SKIP LOCKED) w;
    IF v_given IS NOT NULL THEN
        -- Replies and lines of a range have their number already.
        RETURN QUERY
        UPDATE pcu_register_entry e
           SET number = w.number,
               reference = pcu_register_reference(
                   w.number_format, w.code, w.number, e.registration_date),
               state = CASE WHEN EXISTS (
                   SELECT 1 FROM pcu_routing t WHERE t.entry_id = e.id)
                   THEN 'routed' ELSE 'registered' END
          FROM (SELECT n.id, r.number_format, r.code,
                       coalesce(a.number, g.first_number + n.range_line - 1) AS number
                  FROM pcu_register_entry n
                  JOIN pcu_register_year y
                    ON y.id = n.register_year_id AND y.state = 'open'
                  JOIN pcu_register r ON r.id = y.register_id
                  LEFT JOIN pcu_register_entry a ON a.id = n.answers_id
                  LEFT JOIN pcu_register_range g ON g.id = n.range_id
                 WHERE n.id = ANY(v_given)) w
         WHERE e.id = w.id AND w.number IS NOT NULL
        RETURNING e.id, e.number;
    END IF;
    IF v_ids IS NULL THEN
        RETURN;
    END IF;
    UPDATE pcu_register_year y
       SET last_number = y.last_number + cardinality(v_ids)
      FROM pcu_register r
     WHERE y.id = p_year_id AND y.state = 'open' AND r.id = y.register_id
    RETURNING y.last_number - cardinality(v_ids), r.number_format, r.code
      INTO v_first, v_format, v_code;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    UPDATE pcu_register_entry e
       SET number = v_first + w.rank,
           reference = pcu_register_reference(
               v_format, v_code, (v_first + w.rank)::integer, e.registration_date),
           state = CASE WHEN EXISTS (
               SELECT 1 FROM pcu_routing t WHERE t.entry_id = e.id)
               THEN 'routed' ELSE 'registered' END
      FROM unnest(v_ids) WITH ORDINALITY AS w (id, rank)
     WHERE e.id = w.id
    RETURNING e.id, e.number;
END $$;

CREATE OR REPLACE FUNCTION pcu_register_set_aside(
    p_range_ids integer[]
) RETURNS SETOF integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_range record;
    v_last integer;
BEGIN
    FOR v_range IN
        SELECT g.id, g.size, g.register_year_id, g.purpose FROM pcu_register_range g
         WHERE g.id = ANY(p_range_ids) AND g.state = 'waiting'
         ORDER BY g.id FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        -- Whoever numbers in this year waits for this row, and we for them.
        UPDATE pcu_register_year y SET last_number = y.last_number + v_range.size
         WHERE y.id = v_range.register_year_id AND y.state = 'open'
        RETURNING y.last_number INTO v_last;
        CONTINUE WHEN NOT FOUND;
        UPDATE pcu_register_range g
           SET first_number = v_last - v_range.size + 1, last_number = v_last,
               state = 'open',
               mark = CASE WHEN v_range.purpose = 'outage' THEN 'U' || (
                   SELECT count(*) + 1 FROM pcu_register_range o
                    WHERE o.register_year_id = v_range.register_year_id
                      AND o.mark IS NOT NULL) END
         WHERE g.id = v_range.id;
        RETURN NEXT v_range.id;
    END LOOP;
END $$;

-- A reply carries the number of what it answers, a line that of its place.
CREATE OR REPLACE FUNCTION pcu_register_check_given() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.answers_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM pcu_register_entry a
         WHERE a.id = NEW.answers_id AND a.answers_id IS NULL
           AND a.register_year_id = NEW.register_year_id AND a.number = NEW.number)
    OR NEW.answers_id IS NULL AND EXISTS (
        SELECT 1 FROM pcu_register_range g
         WHERE g.id = NEW.range_id AND g.register_year_id = NEW.register_year_id
           AND NEW.range_line BETWEEN 1 AND g.size
           AND NEW.number = g.first_number + NEW.range_line - 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a reply or a line of a range takes the number that is its own'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE OR REPLACE FUNCTION pcu_register_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[1]
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_ARGV[0],
          TABLE = TG_TABLE_NAME;
END $$;
"""  # noqa: S608 - the only values are the two lock numbers

_TRIGGERS = {
    "pcu_register_entry": """
DROP TRIGGER IF EXISTS pcu_register_entry_frozen ON pcu_register_entry;
CREATE TRIGGER pcu_register_entry_frozen
BEFORE UPDATE ON pcu_register_entry FOR EACH ROW WHEN (
    (OLD.registered_at IS NOT NULL
     AND (OLD.registered_at, OLD.register_year_id, OLD.register_id,
          OLD.registration_date, OLD.year, OLD.company_id,
          OLD.answers_id, OLD.range_id, OLD.range_line)
         IS DISTINCT FROM
         (NEW.registered_at, NEW.register_year_id, NEW.register_id,
          NEW.registration_date, NEW.year, NEW.company_id,
          NEW.answers_id, NEW.range_id, NEW.range_line))
    OR (OLD.number IS NOT NULL
        AND (OLD.number, OLD.reference) IS DISTINCT FROM (NEW.number, NEW.reference))
    OR (OLD.state = 'annulled' AND NEW.state <> 'annulled'))
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_entry_frozen',
    'a register entry keeps its number, date and register');

DROP TRIGGER IF EXISTS pcu_register_entry_no_delete ON pcu_register_entry;
CREATE TRIGGER pcu_register_entry_no_delete
BEFORE DELETE ON pcu_register_entry FOR EACH ROW WHEN (OLD.state <> 'draft')
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_entry_no_delete',
    'a registered entry is never deleted, it is annulled');

DROP TRIGGER IF EXISTS pcu_register_entry_given ON pcu_register_entry;
CREATE TRIGGER pcu_register_entry_given
BEFORE INSERT OR UPDATE OF number ON pcu_register_entry FOR EACH ROW WHEN (
    NEW.number IS NOT NULL AND (NEW.answers_id IS NOT NULL OR NEW.range_id IS NOT NULL))
EXECUTE FUNCTION pcu_register_check_given();

DROP TRIGGER IF EXISTS pcu_register_entry_no_truncate ON pcu_register_entry;
CREATE TRIGGER pcu_register_entry_no_truncate
BEFORE TRUNCATE ON pcu_register_entry FOR EACH STATEMENT
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_entry_no_truncate', 'a register is never emptied');
""",
    "pcu_register_year": """
DROP TRIGGER IF EXISTS pcu_register_year_only_up ON pcu_register_year;
CREATE TRIGGER pcu_register_year_only_up
BEFORE UPDATE ON pcu_register_year FOR EACH ROW WHEN (
    NEW.last_number < OLD.last_number
    OR NEW.register_id <> OLD.register_id OR NEW.year <> OLD.year)
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_year_only_up', 'the next number of a register only goes up');
""",
    "pcu_register_correction": """
CREATE OR REPLACE TRIGGER pcu_register_correction_frozen
BEFORE UPDATE OR DELETE ON pcu_register_correction FOR EACH ROW
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_correction_frozen', 'a correction stays as it was written');
""",
    "pcu_register_range": """
DROP TRIGGER IF EXISTS pcu_register_range_frozen ON pcu_register_range;
CREATE TRIGGER pcu_register_range_frozen
BEFORE UPDATE ON pcu_register_range FOR EACH ROW WHEN (
    OLD.first_number IS NOT NULL
    AND (OLD.register_year_id, OLD.first_number, OLD.last_number, OLD.size,
         OLD.purpose, OLD.state)
        IS DISTINCT FROM
        (NEW.register_year_id, NEW.first_number, NEW.last_number, NEW.size,
         NEW.purpose, NEW.state))
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_range_frozen', 'numbers that are set aside stay as they are');

DROP TRIGGER IF EXISTS pcu_register_range_no_delete ON pcu_register_range;
CREATE TRIGGER pcu_register_range_no_delete
BEFORE DELETE ON pcu_register_range FOR EACH ROW WHEN (OLD.state <> 'draft')
EXECUTE FUNCTION pcu_register_refuse(
    'pcu_register_range_no_delete', 'numbers that are set aside stay as they are');
""",
}
"""By table. A trigger's name doubles as the constraint's name in errors."""
