"""Reading very many rows without holding them: a cursor that stays on the server."""

from collections.abc import Iterator

from odoo.tools import SQL

BATCH = 2000


def stream(cr, query: SQL) -> Iterator[tuple]:
    """Give the rows of a query, fetched in batches, in the caller's transaction.

    The caller may run other statements meanwhile but must not commit.
    """
    with cr.connection.cursor("pcu_stream") as cursor:
        cursor.itersize = BATCH
        cursor.execute(query.code, query.params)
        yield from cursor
