"""Counts of entries that are always right, kept by the database.

A pivot over millions of rows takes seconds; over a few thousand counts it takes none.
Counting in place would make registering clerks wait for each other, so every statement
that changes entries adds rows of plus and minus instead, and a quiet moment folds them
together. The sum is exact at any time.
"""

KEYS = (
    "company_id, register_id, department_id, month, direction, state, confidentiality"
)
SUMS = "entry_count, page_count, annex_count"
_CELL = KEYS.replace("month", "date_trunc('month', registration_date)::date")


def install(cursor) -> None:
    """Create or replace the functions and triggers; count what was there before."""
    cursor.execute(_FUNCTIONS)
    cursor.execute(
        "SELECT 1 FROM pcu_register_summary WHERE confidentiality IS NOT NULL LIMIT 1"
    )
    if not cursor.fetchone():
        recount(cursor)


def recount(cursor) -> None:
    """Count everything anew."""
    cursor.execute("SELECT pcu_register_summary_recount()")


def fold(cursor) -> None:
    """Add up the rows of the months in which something changed."""
    cursor.execute("SELECT pcu_register_summary_fold()")


# A draft and a row that waits for its number aren't counted: they are few, and each
# would add and take away a count before it has its own.
_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION pcu_register_summary_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO pcu_register_summary (KEYS, SUMS)
        SELECT CELL, count(*), coalesce(sum(page_count), 0),
               coalesce(sum(annex_count), 0)
          FROM new_rows WHERE number IS NOT NULL GROUP BY CELL;
        RETURN NULL;
    END IF;
    INSERT INTO pcu_register_summary (KEYS, SUMS)
    SELECT CELL, sum(change), coalesce(sum(change * page_count), 0),
           coalesce(sum(change * annex_count), 0)
      FROM (SELECT *, 1 AS change FROM new_rows WHERE number IS NOT NULL
            UNION ALL
            SELECT *, -1 FROM old_rows WHERE number IS NOT NULL) changes
     GROUP BY CELL
    HAVING sum(change) <> 0 OR sum(change * page_count) <> 0
        OR sum(change * annex_count) <> 0;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION pcu_register_summary_recount() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM pcu_register_summary;
    INSERT INTO pcu_register_summary (KEYS, SUMS)
    SELECT CELL, count(*), coalesce(sum(page_count), 0), coalesce(sum(annex_count), 0)
      FROM pcu_register_entry WHERE number IS NOT NULL GROUP BY CELL;
END $$;

CREATE OR REPLACE FUNCTION pcu_register_summary_fold() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH changed AS (
        SELECT DISTINCT month FROM pcu_register_summary
         GROUP BY KEYS HAVING count(*) > 1
    ), gone AS (
        DELETE FROM pcu_register_summary s USING changed
         WHERE s.month = changed.month RETURNING s.*
    )
    INSERT INTO pcu_register_summary (KEYS, SUMS)
    SELECT KEYS, sum(entry_count), sum(page_count), sum(annex_count) FROM gone
     GROUP BY KEYS HAVING sum(entry_count) <> 0;
END $$;

CREATE OR REPLACE TRIGGER pcu_register_summary_inserted
AFTER INSERT ON pcu_register_entry REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION pcu_register_summary_changed();

CREATE OR REPLACE TRIGGER pcu_register_summary_updated
AFTER UPDATE ON pcu_register_entry
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION pcu_register_summary_changed();
""".replace("CELL", _CELL)
    .replace("KEYS", KEYS)
    .replace("SUMS", SUMS)
)
