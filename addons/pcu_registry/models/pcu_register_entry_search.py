"""Finding entries as people ask for them, at any number of rows.

No single plan answers every question fast: rare words want their rows first and the
order afterwards; frequent words want a walk along the order that stops at the page's
end. Each plan is a catastrophe for the other kind, and the planner can't tell for
several words at once. So the question is tried on the newest entries, and the answer
decides (measured in ``bench/register_scale.py``).
"""

import json

from odoo import api, fields, models
from odoo.addons.pcu_base import identity
from odoo.addons.pcu_base.romania import local_day
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from .. import searching

RARE = 2000
"""Up to so many expected hits, collecting them all is the fastest."""
MANY = 10_000
"""More hits than expected: they aren't carried over one by one."""
TRIED, ENOUGH = 4000, 60
"""A walk is worth it if so many of the newest entries answer the question."""
_PAGE = "pcu_registry_page"
MEMORY = 64 * 1024
"""Kilobytes in which PostgreSQL notes the rows of frequent words: those of a million
pages. In its default 4 MB it forgets which rows of a page it meant and reads them all
again: ten seconds at five million entries instead of a third of one."""


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    search_text = fields.Char(
        string="Find",
        compute="_compute_search_text",
        search="_search_search_text",
        help="Number, number/year or number/date, names, streets, department, month, "
        "words of the summary and of the documents; with or without diacritics.",
    )
    search_party = fields.Char(
        string="Issuer or recipient",
        compute="_compute_search_text",
        search="_search_search_party",
    )

    # The order of the book, which also finds any old week.
    _date_idx = models.Index("(registration_date, number, id)")
    # With what the rules look at: far pages and counts need the index only.
    _company_date_idx = models.Index(
        "(company_id, registration_date, number, id)"
        " INCLUDE (confidentiality, department_id, register_id)"
    )
    _number_idx = models.Index("(number, year) WHERE number IS NOT NULL")
    _department_date_idx = models.Index(
        "(department_id, registration_date, number, id)"
    )
    _open_idx = models.Index(
        "(registration_date, number, id) WHERE state IN ('registered', 'routed')"
    )

    def _compute_search_text(self):
        self.search_text = self.search_party = False

    # ------------------------------------------------------------------ searching

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Tell the search of words whether a page in the usual order is asked for."""
        page = bool(limit) and order == self._order
        entries = self
        if bool(self.env.context.get(_PAGE)) != page:
            entries = self.with_context(**{_PAGE: page})
        return super(PcuRegisterEntry, entries)._search(
            domain, offset, limit, order, **kwargs
        )

    @api.model
    @api.readonly
    def web_search_read(self, domain, *args, **kwargs):
        """Understand a question once, for its page and for its count."""
        return super().web_search_read(
            Domain(domain).optimize_full(self), *args, **kwargs
        )

    @api.model
    def _search_display_name(self, operator, value):
        """Look an entry up in a field as in the list."""
        if operator in ("ilike", "=") and isinstance(value, str):
            return Domain("search_text", "ilike", value)
        return super()._search_display_name(operator, value)

    def _search_search_text(self, operator, value):
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return NotImplemented
        question = searching.parse(value, local_day())
        narrow = self._narrow_domain(question)
        if question.number is None and not question.code:
            if not question.words:
                return narrow
            if narrow.is_true():
                query = self._to_tsquery(question.words)
                return self._words_domain(query, question.words)
            return narrow & self._words_filter(question.words)
        if question.words:
            narrow &= self._words_filter(question.words)
        if question.words and question.number_words:
            # „HCL 12/2020” may as well stand in the text.
            words = question.words + question.number_words
            narrow |= self._ids_first(self._to_tsquery(words))
        return narrow

    def _search_search_party(self, operator, value):
        """Search the names of issuer and recipient only."""
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return NotImplemented
        question = searching.parse(value, local_day())
        if question.code:
            return self._narrow_domain(question)
        words = searching.words_of(value)
        return self._words_domain(searching.name_terms(words)) if words else Domain.TRUE

    def _narrow_domain(self, question):
        """Return what the question says about columns that have an index."""
        domain = Domain.TRUE
        if question.number is not None:
            domain &= Domain("number", "=", question.number)
        if question.year:
            domain &= Domain("year", "=", question.year)
        if question.first:
            domain &= Domain("registration_date", ">=", question.first)
            domain &= Domain("registration_date", "<=", question.last)
        if question.code:
            parties = self._find_parties(question.code)
            domain &= Domain("sender_id", "in", parties.ids) | Domain(
                "recipient_id", "in", parties.ids
            )
        return domain

    @api.model
    def _find_parties(self, code):
        """Find parties by CNP, CUI or e-mail, with the rights of whoever asks."""
        parties = self.env["res.partner"].with_context(active_test=False)
        if "@" in code:
            return parties.search([("email_normalized", "=", email_normalize(code))])
        name = "pcu_cnp" if len(code) == identity.CNP_LENGTH else "pcu_cui"
        if not parties._has_field_access(parties._fields[name], "read"):
            return parties
        return parties.search([(name, "=", code)])

    # ------------------------------------------------------------------ words

    def _to_tsquery(self, words):
        texts = [word.text for word in words]
        stems = dict(
            self.env.execute_query(
                SQL(
                    "SELECT word, (ts_lexize('romanian_stem', word))[1]"
                    " FROM unnest(%s) AS word",
                    texts,
                )
            )
        )
        return searching.terms(words, stems, self._department_marks(words, stems))

    def _department_marks(self, words, stems):
        """Return the marks of the departments that are called by these words.

        Departments are found by their present name: renaming one costs nothing.
        """
        marks = {}
        departments = self.env["pcu.department"].with_context(active_test=False)
        for department in departments.search_fetch([], ["name", "code", "company_id"]):
            name = searching.plain(f"{department.code} {department.name}").split()
            for word in words:
                start = searching.beginning(word.text, stems.get(word.text))
                if len(start) > 1 and any(part.startswith(start) for part in name):
                    marks.setdefault(word.text, []).append(f"@d{department.id}")
        return marks

    def _words_domain(self, query, words=()):
        """Find the entries that hold all these words.

        :param words: those of which a part may be found when nothing begins so
        """
        self.env.flush_all()
        if self._expected_hits(query) <= RARE:
            ids = self._collect(query)
            if not ids and words:
                return self._parts_domain(words)
            if len(ids) <= MANY:
                return Domain("id", "in", ids)
        return Domain.custom(
            to_sql=lambda model, alias, sql: model._choose_way(query)._to_sql(
                model, alias, sql
            )
        )

    def _collect(self, query):
        """Return the entries that hold the words, up to one more than many."""
        rows = self.env.execute_query(
            SQL(
                "SELECT entry_id FROM pcu_register_index WHERE vector @@ %s::tsquery"
                " LIMIT %s",
                query,
                MANY + 1,
            )
        )
        return [entry_id for (entry_id,) in rows]

    def _choose_way(self, query):
        """Choose the way to frequent words: a page has another one than its count."""
        if not self.env.context.get(_PAGE):
            return self._as_planned(query)
        if self._try_newest(query) >= ENOUGH:
            return self._walk(query)
        return self._ids_first(query)

    def _words_filter(self, words):
        """Look at the words of what other conditions have left."""
        return self._walk(self._to_tsquery(words))

    def _expected_hits(self, query):
        """Ask the planner, who knows how frequent single words are.

        With it goes, until the end of the transaction, the memory that words need.
        """
        plan = self.env.execute_query(
            SQL(
                "SELECT set_config('work_mem', GREATEST(%s, pg_size_bytes("
                "current_setting('work_mem')) / 1024)::text, true);"
                " EXPLAIN (FORMAT JSON) SELECT FROM pcu_register_index"
                " WHERE vector @@ %s::tsquery",
                MEMORY,
                query,
            )
        )[0][0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        return plan[0]["Plan"]["Plan Rows"]

    def _try_newest(self, query):
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT FROM (SELECT vector FROM"
                " pcu_register_index ORDER BY entry_id DESC LIMIT %s) AS newest"
                " WHERE vector @@ %s::tsquery LIMIT %s) AS hits",
                TRIED,
                query,
                ENOUGH,
            )
        )[0][0]

    def _ids_first(self, query):
        """Collect the hits through the index of words before anything else."""
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s = ANY(ARRAY(SELECT entry_id FROM pcu_register_index"
                " WHERE vector @@ %s::tsquery))",
                SQL.identifier(alias, "id"),
                query,
            )
        )

    def _as_planned(self, query):
        """Leave the way to the planner: for counts and groups, which see all hits."""
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s IN (SELECT entry_id FROM pcu_register_index"
                " WHERE vector @@ %s::tsquery)",
                SQL.identifier(alias, "id"),
                query,
            )
        )

    def _walk(self, query):
        """Look each row up as it comes along the order, until the page is full."""
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(SELECT words.vector @@ %s::tsquery FROM pcu_register_index AS words"
                " WHERE words.entry_id = %s)",
                query,
                SQL.identifier(alias, "id"),
            )
        )
