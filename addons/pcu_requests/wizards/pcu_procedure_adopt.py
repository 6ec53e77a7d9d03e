"""Take over procedures that somebody offers."""

from markupsafe import Markup
from odoo import api, fields, models


class PcuProcedureAdopt(models.TransientModel):
    """What will be made and what will be changed, before it is."""

    _name = "pcu.procedure.adopt"
    _description = "Take over procedures"

    offer_ids = fields.Many2many(
        comodel_name="pcu.procedure.offer", string="Offered procedures"
    )
    company_id = fields.Many2one(related="offer_ids.company_id")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    changed_count = fields.Integer(string="Changed", compute="_compute_counts")
    verify_count = fields.Integer(string="To be verified", compute="_compute_counts")
    without_department_count = fields.Integer(compute="_compute_counts")
    difference_html = fields.Html(
        string="What changes", compute="_compute_difference_html", sanitize=False
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        string="Department for the others",
        domain="[('company_id', '=', company_id)]",
        help="For the procedures without a department in the list.",
    )
    publish = fields.Boolean(
        string="Publish at once",
        help="Publishes those that have a department; otherwise they wait, changed and "
        "not published, until somebody has read them.",
    )

    @api.depends("offer_ids")
    def _compute_counts(self):
        for wizard in self:
            offers = wizard.offer_ids
            wizard.new_count = len(offers.filtered(lambda o: not o.procedure_id))
            wizard.changed_count = len(offers) - wizard.new_count
            wizard.verify_count = len(offers.filtered("to_verify"))
            wizard.without_department_count = len(
                offers.filtered(
                    lambda o: not o.department_id and not o.procedure_id.department_id
                )
            )

    @api.depends("offer_ids")
    @api.depends_context("lang")
    def _compute_difference_html(self):
        """Show, for each procedure that exists already, what will be different."""
        head = Markup("<h4>%s</h4>%s")
        for wizard in self:
            known = wizard.offer_ids.filtered("procedure_id")
            wizard.difference_html = Markup("").join(
                head
                % (
                    offer.procedure_id.display_name,
                    offer.difference_html or self.env._("Nothing changes."),
                )
                for offer in known
            )

    def action_confirm(self):
        """Take the offers over, publish if asked, and show the procedures."""
        self.ensure_one()
        offers = self.offer_ids
        if self.department_id:
            offers.filtered(
                lambda o: not o.department_id and not o.procedure_id.department_id
            ).department_id = self.department_id
        procedures = offers._accept()
        if self.publish:
            procedures.filtered(
                lambda p: (
                    p.publication != "published"
                    and (p.department_id or p.informational_only)
                )
            )._publish(self.env._("Taken over: %s", offers[:1].source_label))
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_procedure_action"
        )
        return action | {"domain": [("id", "in", procedures.ids)]}
