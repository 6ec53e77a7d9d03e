"""See what changed in a procedure, and publish it."""

from odoo import api, fields, models


class PcuProcedureCompare(models.TransientModel):
    """Two versions side by side; without a second one, the procedure as it stands."""

    _name = "pcu.procedure.compare"
    _description = "Compare versions of a procedure"

    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure", required=True, readonly=True, ondelete="cascade"
    )
    old_version_id = fields.Many2one(
        comodel_name="pcu.procedure.version",
        string="From",
        compute="_compute_old_version_id",
        store=True,
        readonly=False,
        ondelete="cascade",
    )
    new_version_id = fields.Many2one(
        comodel_name="pcu.procedure.version",
        string="To",
        ondelete="cascade",
        help="Left empty: what stands in the procedure now.",
    )
    publication = fields.Selection(related="procedure_id.publication")
    difference_html = fields.Html(
        string="What changed", compute="_compute_difference_html", sanitize=False
    )
    note = fields.Char(
        string="Why it changed", help="Stands with the version, for ever."
    )

    @api.depends("procedure_id")
    def _compute_old_version_id(self):
        """Begin with the version in force."""
        for wizard in self:
            wizard.old_version_id = wizard.procedure_id.version_id

    @api.depends("procedure_id", "old_version_id", "new_version_id")
    @api.depends_context("lang")
    def _compute_difference_html(self):
        """Put the differences into a table."""
        versions = self.env["pcu.procedure.version"]
        for wizard in self:
            new = wizard.new_version_id.content
            new = new or wizard.procedure_id._get_content()
            wizard.difference_html = versions._tell_differences(
                wizard.old_version_id.content or {}, new
            )

    def action_publish(self):
        """Publish what stands in the procedure."""
        self.ensure_one()
        self.procedure_id._publish(self.note)
        return {"type": "ir.actions.act_window_close"}
