"""Which procedure of ours a platform means by a name that we do not know."""

from odoo import api, fields, models


class PcuPlatformProcedure(models.Model):
    """A name on a platform and our procedure, as a clerk once decided.

    What is filed under that name afterwards finds its procedure by itself.
    """

    _name = "pcu.platform.procedure"
    _description = "Procedure of a platform"
    _order = "platform_id, name"
    _check_company_auto = True

    platform_id = fields.Many2one(
        comodel_name="pcu.platform", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="platform_id.company_id", store=True, string="Institution"
    )
    name = fields.Char(
        string="On the platform",
        required=True,
        help="The platform's code of the procedure, or its title if it has no code.",
    )
    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure",
        string="Our procedure",
        required=True,
        ondelete="cascade",
        check_company=True,
    )

    _name_uniq = models.UniqueIndex(
        "(platform_id, name)", "This name stands for a procedure already."
    )

    @api.model
    def _find(self, item):
        """Return the procedure decided for what an item was filed under."""
        name = item.procedure_code or item.procedure_title
        decided = self.search(
            [("platform_id", "=", item.platform_id.id), ("name", "=", name)], limit=1
        )
        return decided.procedure_id

    @api.model
    def _remember(self, item, procedure):
        """Keep a clerk's decision; a later one replaces it."""
        name = item.procedure_code or item.procedure_title
        if not name:
            return
        # sudo: whoever may solve decides, without editing the platform's form
        decisions_sudo = self.sudo()
        known = decisions_sudo.search(
            [("platform_id", "=", item.platform_id.id), ("name", "=", name)]
        )
        if known:
            known.procedure_id = procedure
        else:
            decisions_sudo.create(
                {
                    "platform_id": item.platform_id.id,
                    "name": name,
                    "procedure_id": procedure.id,
                }
            )
