"""The list of procedures under tacit approval, to be displayed (OUG 27/2003)."""

from odoo import api, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_registry import paper_lists
from odoo.tools import format_date


class PcuProcedure(models.Model):
    """A procedure that silence may approve."""

    _inherit = "pcu.procedure"

    def action_print_tacit_list(self):
        """Open the list to be displayed at the seat and on the site, as PDF."""
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/tacit-list/{self.env.company.id}",
            "target": "new",
        }

    @api.model
    def _draw_tacit_list(self, company):
        """Return the list of an institution as PDF, in Romanian."""
        procedures = in_romanian(self).search(
            [("tacit_approval", "=", True), ("company_id", "=", company.id)]
        )
        env = procedures.env
        units = dict(self._fields["term_unit"]._description_selection(env))
        return paper_lists.draw(
            paper_lists.Paper(
                institution=company.name,
                title=env._("Procedures under tacit approval"),
                about=(
                    env._(
                        "OUG 27/2003: what is not answered within the term counts as "
                        "granted. State on %(day)s.",
                        day=format_date(env, local_day()),
                    ),
                ),
                columns=(
                    paper_lists.Column(env._("No."), 1, number=True),
                    paper_lists.Column(env._("Procedure"), 6),
                    paper_lists.Column(env._("Term"), 3),
                    paper_lists.Column(env._("Law of the term"), 4),
                    paper_lists.Column(env._("Department"), 3),
                ),
                rows=tuple(
                    (
                        str(position),
                        each.name,
                        f"{each.term_length} {units[each.term_unit]}",
                        each.term_law or "",
                        each.department_id.name or "",
                    )
                    for position, each in enumerate(procedures, 1)
                ),
                page_text=env._("Page {page} of {pages}"),
            ),
            fonts=self.env["pcu.register.entry"]._get_fonts(),
        )
