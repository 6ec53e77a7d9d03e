"""The end of a document: the bytes go, the row and its fingerprint stay.

Only the database decides whether that may be (``guards``); this floor has no reason
for it, so without the archive's module every call is refused.
"""

import os

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..romania import local_day


class PcuDocument(models.Model):
    _inherit = "pcu.document"  # pylint: disable=consider-merging-classes-inherited

    destroyed_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="The bytes were destroyed lawfully; name and fingerprint are kept.",
    )

    def _describe_destroyed(self):
        return self.env._(
            "The file was destroyed on %(day)s after a selection; its fingerprint is "
            "kept.",
            day=f"{local_day(self.destroyed_at):%d.%m.%Y}",
        )

    def _check_not_destroyed(self):
        """Return self; say so when the bytes of one of the documents are gone."""
        for document in self:
            if document.destroyed_at:
                raise UserError(
                    self.env._(
                        "“%(name)s”: %(note)s",
                        name=document.name,
                        note=document._describe_destroyed(),
                    )
                )
        return self

    def _destroy_bytes(self):
        """Let the bytes of documents go, with the words found in them.

        Low level on purpose, as the linking of the bytes is: no program may write the
        file of a document. The bytes leave the store with Odoo's next sweep, unless
        another document has the same.

        :raise psycopg2.errors.RestrictViolation: when the database finds no recorded
            reason
        """
        if not self:
            return
        self.flush_recordset()
        self._set_search_text("")
        names = self.env.execute_query(
            SQL(
                """
                WITH emptied AS (
                    SELECT id, store_fname FROM ir_attachment WHERE id = ANY(%s)
                )
                UPDATE ir_attachment a SET store_fname = NULL, db_datas = NULL,
                       index_content = NULL, file_size = 0
                  FROM emptied WHERE a.id = emptied.id RETURNING emptied.store_fname
                """,
                # sudo: whose files they are was settled by the selection
                self.sudo().attachment_id.ids,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE pcu_document SET destroyed_at = %s WHERE id = ANY(%s)"
                " RETURNING id",
                fields.Datetime.now(),
                self.ids,
            )
        )
        self.invalidate_recordset(flush=False)
        self.sudo().attachment_id.invalidate_recordset(flush=False)
        for (name,) in names:
            if name:
                self.env["ir.attachment"]._mark_for_gc(name)

    def _bytes_in_store(self):
        """Tell whether the store holds bytes under this document's fingerprint."""
        self.ensure_one()
        name = f"{self.sha256[:2]}/{self.sha256}"
        return os.path.exists(self.env["ir.attachment"]._full_path(name))
