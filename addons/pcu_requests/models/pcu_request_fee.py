"""A fee of a request: asked, paid, checked by a second person, or let off."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

DUE, PROOF, PAID, EXEMPTED = "due", "proof", "paid", "exempted"
STATES = [
    (DUE, "To be paid"),
    (PROOF, "Proof to be checked"),
    (PAID, "Paid"),
    (EXEMPTED, "Exempted"),
]
#: What stands against a decision.
OPEN_STATES = (DUE, PROOF)


class PcuRequestFee(models.Model):
    """What the applicant pays for one request.

    *To be paid* from the message to the applicant on; *proof to be checked* when a
    file or a reference is there; *paid* when somebody else than the inspector has
    checked it; *exempted* by the head, with a reason. Rows change by actions only.
    """

    _name = "pcu.request.fee"
    _description = "Fee of a request"
    _order = "request_id, id"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id")
    name = fields.Char(required=True)
    currency_id = fields.Many2one(related="request_id.company_id.currency_id")
    amount = fields.Monetary(required=True)
    how_counted = fields.Char(help="How the rule of the procedure gave the amount.")
    law = fields.Char(string="Set by")
    payment_note = fields.Char(string="How it is paid")
    mandatory = fields.Boolean(
        default=True, help="The request can't be decided before it is paid."
    )
    state = fields.Selection(selection=STATES, required=True, default=DUE, index=True)
    amount_text = fields.Char(compute="_compute_amount_text")

    # Who asked, what came, who checked
    asked_by_id = fields.Many2one(comodel_name="res.users", required=True)
    reference = fields.Char(
        string="Payment reference", help="Receipt, payment order or Ghișeul number."
    )
    proof_id = fields.Many2one(comodel_name="pcu.document", index="btree_not_null")
    recorded_by_id = fields.Many2one(comodel_name="res.users")
    checked_by_id = fields.Many2one(comodel_name="res.users")
    checked_at = fields.Datetime()
    reason = fields.Char(help="Why the proof was refused, or the fee let off.")
    can_check = fields.Boolean(compute="_compute_can_check")
    can_exempt = fields.Boolean(compute="_compute_can_check")

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A fee must be more than zero."
    )

    @api.depends("amount")
    @api.depends_context("lang")
    def _compute_amount_text(self):
        """Write the amount as people read it: 1.250,00 lei."""
        for fee in self:
            number = formatLang(self.env, fee.amount, digits=2)
            fee.amount_text = self.env._("%(amount)s lei", amount=number)

    @api.depends("state", "request_id.user_id", "asked_by_id")
    @api.depends_context("uid")
    def _compute_can_check(self):
        """Whether this user is the second person, and may let the fee off."""
        for fee in self:
            request = fee.request_id
            fee.can_check = (
                fee.state == PROOF
                and request.can_classify
                and self.env.user not in fee._get_solvers()
            )
            fee.can_exempt = (
                fee.state in OPEN_STATES
                and request.can_assign
                and self.env.user.has_group("pcu_base.group_head")
            )

    def _get_solvers(self):
        """Return who may not check: who solves the request and who asked the fee."""
        self.ensure_one()
        return self.request_id.user_id | self.asked_by_id

    # ------------------------------------------------------------------
    # Acts
    # ------------------------------------------------------------------

    def _record_payment(self, reference=None, document=None):
        """Note the proof that the applicant gave.

        :param document: ``pcu.document`` with the proof, or none
        :raise UserError: neither a file nor a reference, or nothing is owed any more
        """
        self.ensure_one()
        request = self.request_id
        request._check_can_register_payment()
        self._check_open()
        reference = (reference or "").strip()
        if not reference and not document:
            raise UserError(
                self.env._(
                    "Add the file of the proof, or type the number of the receipt, "
                    "payment order or Ghișeul payment."
                )
            )
        if document:
            request._own_documents(document)
        # sudo: rows are read-only for everybody; the right was checked
        self.sudo().write(
            {
                "state": PROOF,
                "reference": reference or False,
                "proof_id": document.id if document else False,
                "recorded_by_id": self.env.uid,
                "reason": False,
            }
        )
        self.env["pcu.journal"]._log(request, "fee_proof", amount=self.amount)

    def _confirm(self):
        """Confirm the payment; never by who solves the request."""
        for fee in self:
            fee._check_second_person()
            fee.sudo().write(
                {
                    "state": PAID,
                    "checked_by_id": self.env.uid,
                    "checked_at": fields.Datetime.now(),
                }
            )
            self.env["pcu.journal"]._log(
                fee.request_id, "fee_paid", amount=fee.amount, reference=fee.reference
            )

    def _refuse_proof(self, reason):
        """Send the proof back to the desk: wrong amount, other payer, unreadable."""
        for fee in self:
            fee._check_second_person()
            fee._check_reason(reason)
            fee.sudo().write({"state": DUE, "reason": reason})
            self.env["pcu.journal"]._log(fee.request_id, "fee_refused", reason=reason)
            fee.request_id._remind(
                self.env._("The proof of payment was refused: %(why)s", why=reason)
            )

    def _exempt(self, reason):
        """Let the fee off; the head's decision, with its reason."""
        for fee in self:
            fee._check_open()
            if not self.env.su and not fee.can_exempt:
                raise AccessError(
                    self.env._("Only the head of the department lets a fee off.")
                )
            fee._check_reason(reason)
            fee.sudo().write(
                {
                    "state": EXEMPTED,
                    "reason": reason,
                    "checked_by_id": self.env.uid,
                    "checked_at": fields.Datetime.now(),
                }
            )
            self.env["pcu.journal"]._log(
                fee.request_id, "fee_exempted", reason=reason, amount=fee.amount
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    def _check_open(self):
        if self.state not in OPEN_STATES:
            raise UserError(
                self.env._("“%(fee)s” was paid or let off already.", fee=self.name)
            )

    def _check_second_person(self):
        """Two persons: who solves and who checks the money."""
        self.ensure_one()
        self.request_id._check_can_register_payment()
        if self.state != PROOF:
            raise UserError(
                self.env._("“%(fee)s” has no proof to be checked.", fee=self.name)
            )
        if not self.env.su and self.env.user in self._get_solvers():
            raise AccessError(
                self.env._(
                    "You solve this request or asked for the fee: somebody else of the "
                    "department or of the registry checks its payment."
                )
            )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason."))

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_record(self):
        """Open the dialog that takes the proof."""
        return self._open_dialog("record")

    def action_confirm(self):
        """Confirm the payment."""
        self._confirm()
        return True

    def action_refuse(self):
        """Open the dialog that refuses the proof."""
        return self._open_dialog("refuse")

    def action_exempt(self):
        """Open the dialog that lets the fee off."""
        return self._open_dialog("exempt")

    def _open_dialog(self, act):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_request_fee_settle_action"
        )
        return action | {"context": {"default_fee_id": self.id, "default_act": act}}
