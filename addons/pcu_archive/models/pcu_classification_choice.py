"""Dialogs that end documents ask for their code of the file plan."""

from odoo import api, fields, models


class PcuClassificationChoice(models.AbstractModel):
    """The question of a dialog: under which code do the documents go?

    Left empty, each document keeps its code or gets the default one; see
    ``pcu.register.entry``.
    """

    _name = "pcu.classification.choice"
    _description = "Choice of a code of the file plan"

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        compute="_compute_company_id",
    )
    classification_id = fields.Many2one(
        comodel_name="pcu.classification",
        string="Code of the file plan",
        domain="[('plan_state', '=', 'in_force'), ('company_id', '=', company_id)]",
        help="Left empty, each document keeps its code or gets the default one of its "
        "department.",
    )

    @api.depends(lambda self: self._get_entries_field())
    def _compute_company_id(self):
        for dialog in self:
            dialog.company_id = dialog._get_entries_to_end().company_id[:1]

    @api.model
    def _get_entries_field(self):
        """Name the field of the dialog through which it reaches the entries."""
        return ()

    def _get_entries_to_end(self):
        """Return the register entries that the dialog is about to end."""
        return self.env["pcu.register.entry"]

    def _set_chosen_code(self):
        """Give the entries the code that was chosen, if one was."""
        for dialog in self.filtered("classification_id"):
            entries = dialog._get_entries_to_end()
            entries._set_classification(dialog.classification_id)
