"""A department is closed when nothing lies in it any more."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PcuDepartment(models.Model):
    """Closing: archived, so that its past keeps its name."""

    _inherit = "pcu.department"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        """Refuse to close what somebody would look for in vain."""
        if "active" in vals and not vals["active"]:
            for department in self.filtered("active"):
                department._check_closable()
        return super().write(vals)

    def _check_closable(self):
        """Refuse while work lies in the department, and say how much of what."""
        models_env = self.env["ir.model"].sudo()  # their names are no secret
        left = [
            f"{models_env._get(model).name}: {count}"
            for model, domain in self._get_closing_domains().items()
            # sudo: the administrator sees none of it, and learns only how much it is
            if (count := self.env[model].sudo().search_count(domain))
        ]
        if left:
            raise UserError(
                self.env._(
                    "“%(department)s” can't be closed, because work lies there: "
                    "%(work)s. Move it to another department first; nothing was "
                    "changed.",
                    department=self.display_name,
                    work="; ".join(left),
                )
            )

    def _get_closing_domains(self):
        """Return what keeps a department open: ``{model: domain}``; floors add theirs.

        The open work is what an absence would move, and departments below.
        """
        self.ensure_one()
        here = Domain("department_id", "=", self.id)
        domains = {"pcu.department": Domain("parent_id", "=", self.id)}
        for name in self.env["pcu.absence"]._get_work_models():
            model = self.env[name]
            if "department_id" in model:
                domains[name] = here & model._pcu_get_open_work_domain()
        return domains
