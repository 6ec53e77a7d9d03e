"""The words by which entries are found, kept beside the entries."""

from odoo import fields, models
from odoo.addons.pcu_base.text_search import Vector

from .. import searching


class PcuRegisterIndex(models.Model):
    """One row per entry: the words of its columns, parties and documents.

    Triggers keep it fresh, so nothing that changes an entry can forget it. It is a
    table of its own because a closed year's entries are locked and their senders' names
    are not, and because rows that are searched often stay small. Nobody reads it; the
    search of entries asks it, under the rights of whoever searches.
    """

    _name = "pcu.register.index"
    _description = "Words of register entries"
    _log_access = False

    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry", required=True, ondelete="cascade"
    )
    vector = Vector(required=True)

    _entry_uniq = models.UniqueIndex("(entry_id)")
    # A short list of pending words: a question reads it from end to end.
    _vector_idx = models.Index(
        "USING gin (vector) WITH (gin_pending_list_limit = 1024)"
    )

    def init(self):
        """Install what keeps the words fresh, and add those that are missing."""
        self.env.cr.execute(
            "ALTER TABLE pcu_register_index ALTER COLUMN vector SET STATISTICS 500"
        )
        searching.install(self.env.cr)
        self.env.cr.execute(
            """
            INSERT INTO pcu_register_index (entry_id, vector)
            SELECT entry_id, vector FROM pcu_register_index_words(ARRAY(
                SELECT e.id FROM pcu_register_entry e WHERE NOT EXISTS (
                    SELECT 1 FROM pcu_register_index i WHERE i.entry_id = e.id)))
            """
        )
