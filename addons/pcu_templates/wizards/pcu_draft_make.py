"""Choose a template and make a draft of it."""

from odoo import api, fields, models


class PcuDraftMake(models.TransientModel):
    """The dialog of the template."""

    _name = "pcu.draft.make"
    _description = "Make a draft from a template"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, ondelete="cascade"
    )
    template_ids = fields.Many2many(
        comodel_name="pcu.template", string="Fitting", compute="_compute_template_ids"
    )
    template_id = fields.Many2one(
        comodel_name="pcu.template",
        compute="_compute_template_id",
        store=True,
        readonly=False,
        required=True,
        domain="[('id', 'in', template_ids)]",
    )
    kind = fields.Selection(related="template_id.kind")

    @api.depends("request_id")
    def _compute_template_ids(self):
        """Offer what fits the procedure, its own templates first."""
        for wizard in self:
            wizard.template_ids = self.env["pcu.template"]._find_for(wizard.request_id)

    @api.depends("template_ids")
    def _compute_template_id(self):
        """Propose the first that fits."""
        for wizard in self:
            wizard.template_id = wizard.template_ids[:1]

    def action_confirm(self):
        """Make the draft and open it."""
        self.ensure_one()
        draft = self.env["pcu.draft"]._make(self.request_id, self.template_id)
        return draft.action_open()
