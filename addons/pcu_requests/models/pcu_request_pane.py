"""What stands beside the facts of a request: its documents, its person's history."""

from odoo import api, fields, models
from odoo.tools import SQL

#: How alike two descriptions of the object must be, in trigrams, to be suggested.
ALIKE = 0.45
#: How many requests are suggested.
SUGGESTED = 5


class PcuRequest(models.Model):
    """The right side of the form."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    object_key = fields.Char(
        compute="_compute_object_key",
        store=True,
        groups="pcu_base.group_inspector,pcu_base.group_registry_operator",
        exportable=False,
        help="The words that say what the request is about, for finding its like.",
    )
    person_request_ids = fields.Many2many(
        comodel_name="pcu.request",
        string="Other requests of the applicant",
        compute="_compute_person_request_ids",
    )
    similar_request_ids = fields.Many2many(
        comodel_name="pcu.request",
        string="Similar requests",
        compute="_compute_similar_request_ids",
        help="Open or closed, of anybody, about what seems to be the same object.",
    )
    connected_request_ids = fields.Many2many(
        comodel_name="pcu.request",
        string="Connected requests",
        compute="_compute_connected_request_ids",
        help="Of the same matter in the register.",
    )

    _object_key_idx = models.Index("USING gin (object_key gin_trgm_ops)")

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------

    @api.readonly
    def get_pane_documents(self):
        """List the documents that stand beside the form, the checklist's first.

        :return: see ``pcu.document._prepare_pane``
        """
        self.ensure_one()
        places = {
            line.document_id: line.name for line in self.line_ids if line.document_id
        }
        received = self.document_ids.sorted(
            lambda d: (d not in places, list(places).index(d) if d in places else d.id)
        )
        return received._prepare_pane(self.message_main_attachment_id, places)

    # ------------------------------------------------------------------
    # The person and the object
    # ------------------------------------------------------------------

    @api.depends("observations", "form_data")
    def _compute_object_key(self):
        """Gather the words that tell one object from another."""
        for request in self:
            data = request.form_data
            parts = [request.observations or ""]
            if isinstance(data, dict):
                parts += [str(self._form_value(value)) for value in data.values()]
            words = " ".join(" ".join(parts).lower().split())
            request.object_key = words[:500] or False

    @api.depends("applicant_id")
    @api.depends_context("uid")
    def _compute_person_request_ids(self):
        """Show the person's other requests, as far as the reader may see them."""
        others = self.search(
            [("applicant_id", "in", self.applicant_id.ids)],
            order="registration_date desc, id desc",
            limit=100 * max(len(self), 1),
        ).grouped("applicant_id")
        none = self.browse()
        for request in self:
            same = others.get(request.applicant_id, none)
            request.person_request_ids = same - request._origin

    @api.depends("object_key")
    @api.depends_context("uid")
    def _compute_similar_request_ids(self):
        """Suggest requests about the same object; one question for all records."""
        found = self._find_similar()
        # What is alike may lie elsewhere: only what the reader may open is shown.
        readable = self.browse(i for ids in found.values() for i in ids)
        readable = set(readable._filtered_access("read")._ids)
        for request in self:
            request.similar_request_ids = [
                i for i in found.get(request._origin.id, ()) if i in readable
            ]

    def _find_similar(self):
        """Return the ids of the most similar requests of each, through the index."""
        ids = self._origin.ids
        if not ids:
            return {}
        self.flush_model(["object_key", "company_id", "applicant_id"])
        # The limit of the operator holds for this transaction only.
        self.env.cr.execute(
            SQL(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
                str(ALIKE),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT mine.id, array_agg(other.id ORDER BY other.nearness DESC)
                   FROM pcu_request mine
                   CROSS JOIN LATERAL (
                       SELECT id, similarity(object_key, mine.object_key) AS nearness
                       FROM pcu_request
                       WHERE object_key %% mine.object_key
                         AND company_id = mine.company_id
                         AND id <> mine.id
                         AND applicant_id <> mine.applicant_id
                       ORDER BY nearness DESC, id DESC LIMIT %s
                   ) other
                   WHERE mine.id IN %s
                   GROUP BY mine.id""",
                4 * SUGGESTED,
                tuple(ids),
            )
        )
        return dict(rows)

    @api.depends("entry_id.connected_to_id", "entry_id.connected_ids")
    @api.depends_context("uid")
    def _compute_connected_request_ids(self):
        """Show the requests of the same matter, as far as the reader may see them."""
        self.connected_request_ids = False
        for request in self.filtered("entry_id"):
            # sudo: the entry may be out of sight; what is shown is filtered below
            first_sudo = request.sudo().entry_id._get_first_of_matter()
            matter_sudo = (first_sudo | first_sudo.connected_ids).request_ids
            others = matter_sudo.sudo(self.env.su) - request._origin
            request.connected_request_ids = others._filtered_access("read")
