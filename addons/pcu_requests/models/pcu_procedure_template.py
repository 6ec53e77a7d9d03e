"""The form or model that lies beside a document of a procedure."""

import hashlib

from odoo import api, fields, models


class PcuProcedureTemplate(models.AbstractModel):
    """A file, and a fingerprint by which versions tell it from another one."""

    _name = "pcu.procedure.template"
    _description = "Template of a procedure"

    template = fields.Binary(attachment=True, help="The form or model to be filled in.")
    template_name = fields.Char()
    template_digest = fields.Char(
        string="Template file", compute="_compute_template_digest", store=True
    )

    @api.depends("template")
    def _compute_template_digest(self):
        for record in self.with_context(bin_size=False):
            content = record.template
            record.template_digest = content and hashlib.sha256(content).hexdigest()
