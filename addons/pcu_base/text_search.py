"""Words of a text as PostgreSQL searches them: without diacritics, cut off nowhere.

A vector holds the words as they stand; who asks cuts the ending off instead (the
question's *autorizației* becomes *autoriz…*), because what people type without
diacritics has another Romanian stem than the same word in a letter. Positions are left
out: nobody asks a register for phrases, and a vector is half as large without them.
"""

from odoo import fields

MAX_TEXT = 200_000
"""Characters of one document that are searched; some fifty dense pages."""


class Vector(fields.Text):
    """A column that PostgreSQL searches and nobody reads."""

    _column_type = ("tsvector", "tsvector")
    prefetch = False


def install_functions(cursor) -> None:
    """Create or replace the functions that make vectors; safe to repeat."""
    cursor.execute(_FUNCTIONS)


_FUNCTIONS = """
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE OR REPLACE FUNCTION pcu_search_plain(source text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(unaccent(normalize(coalesce(source, ''), NFC))),
                          '[^[:alnum:]]+', ' ', 'g')
$$;

CREATE OR REPLACE FUNCTION pcu_search_vector(source text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT left(word, 24)
          FROM regexp_split_to_table(pcu_search_plain(source), ' ') AS word
         WHERE word <> ''))
$$;
"""
