"""The two pages of the book: left what came in, right what went out."""

from odoo import api, fields, models


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    left_date = fields.Date(string="In: date", compute="_compute_pages")
    left_party = fields.Char(string="In: issuer", compute="_compute_pages")
    left_summary = fields.Char(string="In: content", compute="_compute_pages")
    right_date = fields.Text(string="Out: date", compute="_compute_pages")
    right_party = fields.Text(string="Out: recipient", compute="_compute_pages")
    right_summary = fields.Text(string="Out: content", compute="_compute_pages")

    @api.depends(
        "direction",
        "state",
        "sender_id",
        "recipient_id",
        "summary",
        "reply_ids.state",
        "reply_ids.recipient_id",
        "reply_ids.summary",
    )
    @api.depends_context("uid")
    def _compute_pages(self):
        """Fill the right page from the replies, or from an outgoing entry itself.

        Only the date differs between the pages of one number, so that what has no
        right page is seen at a glance to be open.
        """
        for entry in self:
            outgoing = entry.direction == "outgoing"
            right = entry if outgoing else entry.reply_ids
            right = right.filtered(
                lambda each: each.number and each.state != "annulled"
            )
            entry.left_date = not outgoing and entry.registration_date
            entry.left_party = not outgoing and entry.sender_id.name
            entry.left_summary = not outgoing and entry.summary
            for name, texts in (
                ("right_date", (f"{e.registration_date:%d.%m.%Y}" for e in right)),
                ("right_party", (e.recipient_id.name or "–" for e in right)),
                ("right_summary", (e.summary or "–" for e in right)),
            ):
                entry[name] = "\n".join(texts)
