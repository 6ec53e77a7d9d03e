"""Sums that are always right, kept by the database.

A pivot over millions of rows takes seconds; over a few thousand sums it takes none.
Summing in place would make clerks wait for each other, so every statement that changes
the rows adds cells of plus and minus instead, and a quiet moment folds them together.
The sum is exact at any time. Several tables of sums may hang on one table of rows.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sums:
    """A table of sums over another table.

    Cells whose ``keys`` are the same are added up. ``cells`` is a query that makes them
    of the rows of ``ROWS``, with the columns of ``keys`` and ``measures`` in their
    order; one row may make several cells.
    """

    table: str
    source: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    cells: str
    #: The key that says which cells are folded together; one with few values.
    fold_by: str = "month"
    #: What some cell fulfils once the table was filled in this shape.
    filled: str = "true"

    def install(self, cursor) -> None:
        """Create or replace functions and triggers; sum up what was there before."""
        cursor.execute(self._fill(_FUNCTIONS))
        cursor.execute(self._fill("SELECT 1 FROM <table> WHERE <filled> LIMIT 1"))
        if not cursor.fetchone():
            self.recount(cursor)

    def uninstall(self, cursor) -> None:
        """Take the triggers off the table of rows."""
        cursor.execute(self._fill(_DROP))

    def recount(self, cursor) -> None:
        """Sum up everything anew."""
        cursor.execute(self._fill("SELECT <table>_recount()"))

    def fold(self, cursor) -> None:
        """Add up the cells of those months in which something changed."""
        cursor.execute(self._fill("SELECT <table>_fold()"))

    def _fill(self, template: str) -> str:
        """Put the names, which only programmers write, into a statement."""
        words = {
            "table": self.table,
            "source": self.source,
            "keys": ", ".join(self.keys),
            "measures": ", ".join(self.measures),
            "sums": ", ".join(f"sum({m}) AS {m}" for m in self.measures),
            "minus": ", ".join(f"-{m} AS {m}" for m in self.measures),
            "any": " OR ".join(f"sum({m}) <> 0" for m in self.measures),
            "fold_by": self.fold_by,
            "filled": self.filled,
            "cells_new": self.cells.replace("ROWS", "new_rows"),
            "cells_old": self.cells.replace("ROWS", "old_rows"),
            "cells_all": self.cells.replace("ROWS", self.source),
        }
        for word, meant in words.items():
            template = template.replace(f"<{word}>", meant)
        return template


_FUNCTIONS = """
CREATE OR REPLACE FUNCTION <table>_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO <table> (<keys>, <measures>)
        SELECT <keys>, <sums> FROM (<cells_new>) cells GROUP BY <keys>;
        RETURN NULL;
    END IF;
    INSERT INTO <table> (<keys>, <measures>)
    SELECT <keys>, <sums>
      FROM (<cells_new>
            UNION ALL SELECT <keys>, <minus> FROM (<cells_old>) gone) changes
     GROUP BY <keys> HAVING <any>;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION <table>_recount() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM <table>;
    INSERT INTO <table> (<keys>, <measures>)
    SELECT <keys>, <sums> FROM (<cells_all>) cells GROUP BY <keys>;
END $$;

CREATE OR REPLACE FUNCTION <table>_fold() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH changed AS (
        SELECT DISTINCT <fold_by> FROM <table> GROUP BY <keys> HAVING count(*) > 1
    ), gone AS (
        DELETE FROM <table> s USING changed
         WHERE s.<fold_by> = changed.<fold_by> RETURNING s.*
    )
    INSERT INTO <table> (<keys>, <measures>)
    SELECT <keys>, <sums> FROM gone GROUP BY <keys> HAVING <any>;
END $$;

CREATE OR REPLACE TRIGGER <table>_inserted
AFTER INSERT ON <source> REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION <table>_changed();

CREATE OR REPLACE TRIGGER <table>_updated
AFTER UPDATE ON <source>
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION <table>_changed();
"""

_DROP = """
DROP TRIGGER IF EXISTS <table>_inserted ON <source>;
DROP TRIGGER IF EXISTS <table>_updated ON <source>;
DROP FUNCTION IF EXISTS <table>_changed(), <table>_recount(), <table>_fold();
"""
