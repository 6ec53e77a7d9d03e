"""The temporary negative receipt: sent back to be repaired, and come again repaired.

The citizen reads what is wrong and repairs it on the platform, under the same PISEG
number; the inbox row waits and goes on by itself. Our own answer raises the version
there as well, so a new version alone is no repair: what was filed must have changed.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.tools import format_date

from .. import exchange_states as es
from ..adapters.payloads import what_was_filed
from .pcu_exchange_event import WITH_FILES

#: Days that the applicant is given before a clerk looks at it again.
REPAIR_DAYS = 15


class PcuExchangeItem(models.Model):
    """Sending back, and noticing the repair."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.exchange.item"

    returned_at = fields.Datetime(string="Sent back", readonly=True)
    acts_before = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How often the applicant had written before it was sent back.",
    )

    @api.depends("returned_at")
    @api.depends_context("lang")
    def _compute_problem_summary(self):
        """Say what is waited for, unless something is wrong as well."""
        result = super()._compute_problem_summary()
        for item in self:
            if item.state == es.RETURNED and not item.problem_summary:
                item.problem_summary = self.env._(
                    "Sent back on %(day)s to be repaired. It goes on by itself once "
                    "the applicant has repaired it.",
                    day=format_date(self.env, local_day(item.returned_at)),
                )
        return result

    # ------------------------------------------------------------------
    # Acts of the console
    # ------------------------------------------------------------------

    def _why_not_returned(self):
        """Return why it can't be sent back now, or False."""
        if not self.platform_id._get_capabilities().repairs:
            return self.env._("Nothing can be repaired on this platform.")
        if self.state == es.RETURNED:
            return self.env._("It was sent back already.")
        # Whoever may send it back need not be one who may read it.
        if not self.sudo().payload or self._is_provisional():
            return self.env._("Its details have not come from the platform yet.")
        return False

    def _why_not_as_is(self):
        """Return why it can't be taken without its repair now, or False."""
        return self.state != es.RETURNED and self.env._("It waits for no repair.")

    def _return(self, uid, code, text):
        """Owe the applicant what is wrong, and wait for the repaired version.

        :param str code: one of :mod:`..refusal_reasons`
        """
        self._check_possible("returned")
        self.write(
            self._clear_fault_values()
            | {
                "state": es.RETURNED,
                "returned_at": fields.Datetime.now(),
                "acts_before": self._count_acts(),
                "parked_until": local_day() + timedelta(days=REPAIR_DAYS),
                "parked_reason": text,
            }
        )
        self.env["pcu.exchange.effect"]._owe_refusal(self, False, code, text)
        self._journal("exchange_returned", uid, reason=text, code=code)

    def _take_as_is(self, uid):
        """Go on with what was filed, on a person's word."""
        self._check_possible("as_is")
        self._end_return()
        self._reopen_files()
        self.write(self._clear_fault_values() | {"state": es.FETCHED})
        self._journal("exchange_as_is", uid)

    # ------------------------------------------------------------------
    # The repair
    # ------------------------------------------------------------------

    def _is_awaited_still(self, submission):
        """Tell whether it was sent back and what was filed is still the same."""
        return (
            bool(self.returned_at)
            and self._count_acts() <= self.acts_before
            and what_was_filed(submission.raw) == what_was_filed(self.payload or {})
        )

    def _note_repaired(self):
        """Go on with the repaired version, if one was waited for."""
        if self.returned_at:
            self._end_return()
            self._journal("exchange_repaired")

    def _end_return(self):
        """Wait for nothing any more; a word that was never sent need not leave."""
        self.effect_ids.filtered(lambda e: e.kind == "refusal")._give_way(es.CANCELLED)
        self.write(
            {"returned_at": False, "parked_until": False, "parked_reason": False}
        )

    def _send_again(self, effect_id):
        """Leave it unsaid if it was overtaken while its outcome was looked up."""
        result = super()._send_again(effect_id)
        effect = self.env["pcu.exchange.effect"].browse(effect_id)
        if effect._asks_for_repair() and not self._still_asks(effect):
            effect.state = es.CANCELLED
        return result

    def _still_asks(self, effect):
        """Tell whether this is the last word about a repair that is waited for."""
        told = self.effect_ids.filtered(lambda e: e.kind == "refusal")
        return bool(self.returned_at) and effect == told[-1:]

    def _count_acts(self):
        return len(self.event_ids.filtered(lambda e: e.kind in WITH_FILES))

    def _get_waiting_since(self):
        """Nobody is needed while the applicant has time to repair it."""
        if self.state == es.RETURNED:
            return self.returned_at + timedelta(days=REPAIR_DAYS)
        return super()._get_waiting_since()
