"""Replies: rows that take the number of the entry they answer.

A reply stands on the right page of the book, beside the entry it answers and under
the same number; only the date differs (Instructions on archive work, Order 217/1996
art. 9).
It is a row like any other, so that it is stamped, sent, searched and printed like any
other; but its number isn't the next one, and the database lets no two rows that have a
number of their own share it. See ``docs/decisions/0005``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    answers_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="The entry that this document answers; the reply takes its number.",
    )
    reply_ids = fields.One2many(
        comodel_name="pcu.register.entry", inverse_name="answers_id", string="Replies"
    )

    # ------------------------------------------------------------------ actions

    def action_new_reply(self):
        """Open a new outgoing document that answers this one under its number.

        Once the year of the entry is closed nothing is written on its page any more:
        the answer then gets a number of its own and is connected.
        """
        self.ensure_one()
        answered = self.answers_id or self
        context = {
            "default_direction": "outgoing",
            "default_register_id": self.register_id.id,
            "default_recipient_id": (answered.sender_id or self.recipient_id).id,
            "default_department_id": self.department_id.id,
            "default_confidentiality": self.confidentiality,
            # How it came is asked of what comes.
            "default_channel": False,
            "default_summary": self.env._(
                "Reply to %(number)s: %(summary)s",
                number=answered.reference,
                summary=answered.summary or "",
            ),
        }
        if answered.register_year_id.state == "open":
            context["default_answers_id"] = answered.id
        else:
            context["default_connected_to_id"] = answered.id
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "context": context,
        }

    # ------------------------------------------------------------------ business

    @api.model
    def _get_given_fields(self):
        return [*super()._get_given_fields(), "answers_id"]

    @api.model
    def _prepare_waiting_values(self, register, values=None):
        """Put a reply into the year of what it answers; the day is its own."""
        waiting = super()._prepare_waiting_values(register, values)
        if values and values.get("answers_id"):
            answered = self.browse(values["answers_id"])
            waiting.update(
                year=answered.year, register_year_id=answered.register_year_id.id
            )
        return waiting

    def _check_registrable(self):
        for reply in self.filtered("answers_id"):
            reply._check_reply()
        return super()._check_registrable()

    def _check_reply(self):
        self.ensure_one()
        answered = self.answers_id
        answered.check_access("read")
        names = {"answered": answered.display_name}
        if self.direction != "outgoing":
            wrong = self.env._(
                "Only an outgoing document answers another one. Choose “Outgoing”, or "
                "empty “Answers” and connect the document to %(answered)s.",
                **names,
            )
        elif answered.answers_id:
            wrong = self.env._(
                "%(answered)s is itself a reply. Answer the entry whose number it has.",
                **names,
            )
        elif not answered.number or answered.state == "annulled":
            wrong = self.env._(
                "%(answered)s isn't registered or is annulled; it can't be answered.",
                **names,
            )
        elif answered.register_id != self.register_id:
            wrong = self.env._(
                "%(answered)s stands in another register. A reply stands in the "
                "register of what it answers; choose “%(register)s”.",
                register=answered.register_id.display_name,
                **names,
            )
        elif answered.register_year_id.state == "closed":
            wrong = self.env._(
                "The year of %(answered)s is closed and nothing is written into it any "
                "more. Empty “Answers” and connect the document to it instead: it then "
                "gets a number of its own.",
                **names,
            )
        else:
            return
        raise UserError(wrong)
