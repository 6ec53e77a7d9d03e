"""What a request costs, and that nothing is decided while it is owed."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .. import request_states as rs
from .pcu_request_fee import OPEN_STATES


class PcuRequest(models.Model):
    """Fees."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    fee_ids = fields.One2many(
        comodel_name="pcu.request.fee", inverse_name="request_id", string="Fees"
    )

    def action_ask_fee(self):
        """Open the dialog that sets a fee and tells the applicant."""
        self._check_can_solve()
        rules = self.env["pcu.request.fee.rule"].create(self._get_rule_lines("fees"))
        action = self._open_wizard("pcu_requests.pcu_request_fee_ask_action")
        action["context"]["default_rule_ids"] = rules.ids
        return action

    def _ask_fee(self, name, amount, **values):
        """Ask the applicant for a fee; returns it.

        :param values: further fields of the fee (law, payment_note, mandatory …)
        """
        self.ensure_one()
        self._check_can_solve()
        if self.state not in (rs.REGISTERED, rs.IN_PROGRESS, rs.CLARIFICATION):
            raise UserError(
                self.env._("A fee is asked while the request is being worked on.")
            )
        # sudo: rows are made by actions only
        fee = (
            self.env["pcu.request.fee"]
            .sudo()
            .create(
                {
                    "request_id": self.id,
                    "name": name,
                    "amount": amount,
                    "asked_by_id": self.env.uid,
                    **values,
                }
            )
        )
        self.env["pcu.journal"]._log(self, "fee_asked", amount=fee.amount)
        notice = self.env["pcu.notice"]._owe(self, "fee")
        notice.fee_id = fee
        self._on_fee_asked(fee)
        return fee.sudo(self.env.su)

    def _get_open_fees(self):
        """Return what must be paid before the decision."""
        return self.fee_ids.filtered(lambda f: f.mandatory and f.state in OPEN_STATES)

    def _check_fees_paid(self):
        """Decide nothing while a mandatory fee is owed or its proof is unchecked."""
        owed = self._get_open_fees()
        if owed:
            raise UserError(
                self.env._(
                    "%(request)s can't be decided: unpaid or not checked: %(fees)s. "
                    "Record the proof of payment and let a colleague check it, or ask "
                    "the head to let the fee off.",
                    request=self.display_name,
                    fees=", ".join(f"{fee.name} ({fee.amount_text})" for fee in owed),
                )
            )

    def _check_can_register_payment(self):
        """The department and the registry take proofs of payment."""
        if not self.env.su and not self.can_classify:
            raise AccessError(
                self.env._(
                    "Only the department that solves the request, or the registry, "
                    "records and checks payments."
                )
            )

    def _on_fee_asked(self, fee):
        """Called in the transaction that asked the applicant; for the floor above."""
