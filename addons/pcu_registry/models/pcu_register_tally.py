"""What the lists of entries are grouped and counted by, without reading the entries."""

from odoo import fields, models
from odoo.tools import SQL


class PcuRegisterTally(models.Model):
    """The statistics under the names of the entries' own columns.

    Beside them stand the few rows that the statistics don't count: drafts, and what
    waits for its number. So a domain of the entries means the same here, as long as its
    dates are whole months: ``registration_date`` is the first day of one. Nobody reads
    it; the entries ask it, under the rights of whoever groups them.
    """

    _name = "pcu.register.tally"
    _description = "Counts behind the lists of entries"
    _inherit = "pcu.register.summary"
    _auto = False
    _depends = {
        "pcu.register.entry": [
            "company_id", "register_id", "department_id", "registration_date",
            "direction", "state", "confidentiality", "page_count", "annex_count",
        ],
    }  # fmt: skip

    registration_date = fields.Date(readonly=True)

    def init(self):
        """Leave the table to the statistics; this is a question to it."""

    @property
    def _table_query(self):
        names = SQL(
            "company_id, register_id, department_id, direction, state, confidentiality,"
            " page_count, annex_count"
        )
        return SQL(
            "SELECT id, %(names)s, month AS registration_date, entry_count"
            " FROM pcu_register_summary"
            " UNION ALL SELECT id, %(names)s, registration_date, 1"
            " FROM pcu_register_entry WHERE registration_date IS NULL"
            " UNION ALL SELECT id, %(names)s, registration_date, 1"
            " FROM pcu_register_entry WHERE state = 'waiting'",
            names=names,
        )
