"""Finding by a part from the middle of a word, where no word begins so.

Words are looked up by their beginnings. Only a word that begins nothing is looked for
inside summaries, names and streets, by trigrams; shorter parts than three letters have
none, so that two letters stay the beginning of a word.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import searching
from . import pcu_register_entry_search as search_module

MIN_PART = 3


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _parts_domain(self, words):
        """Look inside words for those of a question without hits that begin none."""
        parts = [
            word
            for word in words
            if len(word.text) >= MIN_PART
            and not word.exact
            and (len(words) == 1 or not self._begins(word))
        ]
        if not parts:
            return Domain.FALSE
        domain = Domain.AND(self._part_domain(word.text) for word in parts)
        others = tuple(word for word in words if word not in parts)
        return domain & self._words_filter(others) if others else domain

    @api.model
    def _begins(self, word):
        """Tell whether any entry has a word that begins so, or stands for it.

        A plain EXISTS reads the whole table when there is none: the planner expects to
        meet one soon.
        """
        query = self._to_tsquery((word,))
        return self._expected_hits(query) > search_module.RARE or self._collect(query)

    @api.model
    def _part_domain(self, text):
        """Collect the entries, or meet them along the order if they are many."""
        part = f"%{searching.plain(text)}%"
        rows = self.env.execute_query(self._part_hits(part))
        if len(rows) <= search_module.MANY:
            return Domain("id", "in", [entry_id for (entry_id,) in rows])
        return Domain.custom(
            to_sql=lambda _model, alias, _query: self._part_within(alias, part)
        )

    @api.model
    def _part_hits(self, part):
        """Ask the trigrams for entries, for up to one more than many."""
        return SQL(
            "WITH parties AS MATERIALIZED (SELECT id FROM res_partner WHERE %s)"
            " SELECT id FROM pcu_register_entry WHERE unaccent(summary) ILIKE %s"
            " UNION ALL SELECT id FROM pcu_register_entry"
            " WHERE sender_id = ANY(ARRAY(SELECT id FROM parties))"
            " UNION ALL SELECT id FROM pcu_register_entry"
            " WHERE recipient_id = ANY(ARRAY(SELECT id FROM parties)) LIMIT %s",
            self._part_of_party(part),
            part,
            search_module.MANY + 1,
        )

    @api.model
    def _part_within(self, alias, part):
        """Look at one row, as it comes along the order."""
        return SQL(
            "(unaccent(%s) ILIKE %s OR EXISTS(SELECT FROM res_partner"
            " WHERE id IN (%s, %s) AND %s))",
            SQL.identifier(alias, "summary"),
            part,
            SQL.identifier(alias, "sender_id"),
            SQL.identifier(alias, "recipient_id"),
            self._part_of_party(part),
        )

    @api.model
    def _part_of_party(self, part):
        """Look at a party as its trigram indexes have it."""
        return SQL(
            "(pcu_name_key LIKE %(part)s OR unaccent(street) ILIKE %(part)s)", part=part
        )
