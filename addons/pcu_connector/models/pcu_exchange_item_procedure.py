"""Choosing the procedure of a submission that came under a name we do not know."""

from odoo import api, fields, models

from .. import exchange_states as es


class PcuExchangeItem(models.Model):
    """The unclassified queue, as the registry sees it."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    unclassified = fields.Boolean(related="request_id.unclassified")
    chosen_procedure_id = fields.Many2one(
        comodel_name="pcu.procedure",
        string="Chosen procedure",
        readonly=True,
        index="btree_not_null",
    )

    @api.depends("unclassified", "procedure_title", "procedure_code")
    def _compute_problem_summary(self):
        """Say of an unclassified request that its procedure is to be chosen."""
        result = super()._compute_problem_summary()
        for item in self:
            if item.unclassified and not item.problem_summary:
                item.problem_summary = self.env._(
                    "“%(name)s” is none of our procedures, so the request has no term "
                    "and no department. Press “Solve…” and choose the procedure.",
                    name=item.procedure_title or item.procedure_code or "–",
                )
        return result

    def _why_not_procedure(self):
        """Return why no procedure can be chosen now, or False."""
        if self.request_id and not self.unclassified:
            return self.env._("It has its procedure already.")
        if self.request_id or self.state in es.BEFORE_REGISTER:
            return False
        return self.env._("It has ended already.")

    def _choose_procedure(self, uid, procedure_id):
        """Register under this procedure, whatever the platform called it."""
        self._lock_row()
        self.chosen_procedure_id = procedure_id
        self._journal("exchange_procedure", uid, code=self.chosen_procedure_id.code)

    def _get_decided_procedure(self):
        """Return what a person decided on, for this one or for its name."""
        decided = self.env["pcu.platform.procedure"]
        return self.chosen_procedure_id or decided._find(self)
