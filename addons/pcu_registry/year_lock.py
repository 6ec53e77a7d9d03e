"""A closed year is locked in the database: triggers, whatever program or person asks.

Nothing is added to a closed year, and nothing changes of what was registered in it: the
legal columns, the annulments, the ranges and their explanations, the counter. What the
law still asks for is let through: a petition of December is answered in January (OG
27/2002 art. 8: thirty days), so an entry that isn't solved yet may be routed and
solved, and what was solved may still get the date its answer was sent. After that the
row is as it is. Whoever must change more opens the year again; the journal says who.

With the same look at the year it is seen that numbers come from the register's own.

Closing and registering at the same moment: each guarded change locks its year's row
with ``FOR KEY SHARE``. That is the lock which a foreign key takes, so those who
register don't wait for each other nor for the numbering, which only moves
``last_number``. But ``state`` belongs to a unique index (``_state_key``), so changing
it is a change of a key: it waits for all of them, and whoever comes later with an older
snapshot gets a serialization failure, which Odoo retries with a fresh one.
"""

LOCKED_COLUMNS = (
    "external_number",
    "external_date",
    "received_on",
    "late_reason",
    "page_count",
    "annex_count",
    "sender_id",
    "summary",
    "recipient_id",
    "connected_to_id",
    "direction",
    "channel",
    "annulment_reason",
    "annulled_by_id",
    "annulled_at",
)
CONSTRAINT = "pcu_register_year_closed"
OTHER_REGISTER = "pcu_register_year_of_register"
CONSTRAINTS = (CONSTRAINT, OTHER_REGISTER)


def install(cursor, table: str) -> None:
    """Put the lock on one table; safe to repeat."""
    cursor.execute(_FUNCTION)
    cursor.execute(_TRIGGERS[table])


def _row(alias: str) -> str:
    return ", ".join(f"{alias}.{column}" for column in LOCKED_COLUMNS)


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION pcu_register_check_open() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_state text;
    v_register integer;
BEGIN
    SELECT y.state, y.register_id INTO v_state, v_register FROM pcu_register_year y
     WHERE y.id = NEW.register_year_id FOR KEY SHARE;
    IF v_state = 'closed' THEN
        RAISE EXCEPTION 'the register year is closed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = '{CONSTRAINT}',
              TABLE = TG_TABLE_NAME;
    END IF;
    IF v_register <> NEW.register_id THEN
        RAISE EXCEPTION 'the year belongs to another register'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = '{OTHER_REGISTER}',
              TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION pcu_register_refuse_closed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register year is closed'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = '{CONSTRAINT}',
          TABLE = TG_TABLE_NAME;
END $$;
"""  # noqa: S608 - the only values are the constraints' names

_TRIGGERS = {
    "pcu_register_entry": f"""
CREATE OR REPLACE TRIGGER pcu_register_entry_open_insert
BEFORE INSERT ON pcu_register_entry FOR EACH ROW
WHEN (NEW.register_year_id IS NOT NULL)
EXECUTE FUNCTION pcu_register_check_open();

CREATE OR REPLACE TRIGGER pcu_register_entry_open_register
BEFORE UPDATE OF state ON pcu_register_entry FOR EACH ROW
WHEN (OLD.state = 'draft' AND NEW.state <> 'draft')
EXECUTE FUNCTION pcu_register_check_open();

CREATE OR REPLACE TRIGGER pcu_register_entry_open_change
BEFORE UPDATE ON pcu_register_entry FOR EACH ROW
WHEN (OLD.number IS NOT NULL AND (
    ({_row("OLD")}) IS DISTINCT FROM ({_row("NEW")})
    OR OLD.state <> NEW.state AND (OLD.state = 'solved' OR NEW.state = 'annulled')
    OR OLD.state = 'solved'
       AND (OLD.resolution, OLD.resolution_note)
           IS DISTINCT FROM (NEW.resolution, NEW.resolution_note)
    OR OLD.sent_date IS NOT NULL AND OLD.sent_date IS DISTINCT FROM NEW.sent_date))
EXECUTE FUNCTION pcu_register_check_open();
""",
    "pcu_register_year": """
CREATE OR REPLACE TRIGGER pcu_register_year_closed
BEFORE UPDATE ON pcu_register_year FOR EACH ROW
WHEN (OLD.state = 'closed' AND NEW.state = 'closed'
      AND (OLD.opening_number, OLD.last_number)
          IS DISTINCT FROM (NEW.opening_number, NEW.last_number))
EXECUTE FUNCTION pcu_register_refuse_closed();
""",
    "pcu_register_range": """
CREATE OR REPLACE TRIGGER pcu_register_range_open
BEFORE INSERT OR UPDATE ON pcu_register_range FOR EACH ROW
EXECUTE FUNCTION pcu_register_check_open();
""",
}
