"""Confidential requests, and what those who lose sight of a request must not keep.

A request is seen by its departments, a confidential one by nobody else but auditors.
Who followed it, or had a to-do about it, hears nothing more once the right to read it
is gone: neither in the application nor by e-mail.
"""

from odoo import fields, models


class PcuRequest(models.Model):
    """Who sees a request, beyond the rules."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    confidential = fields.Boolean(
        help="Only the department that solves it sees the request; the registry sees "
        "it until it is routed.",
    )

    def write(self, vals):
        """Forget those who don't see the request any more."""
        result = super().write(vals)
        if vals.keys() & {"confidential", "department_id"}:
            self._forget_strangers()
        if "confidential" in vals:
            # sudo: the register and the files follow the request
            self.sudo().entry_id.filtered(
                lambda entry: entry.confidentiality != self._get_confidentiality(vals)
            ).confidentiality = self._get_confidentiality(vals)
            self.document_ids.sudo().confidential = vals["confidential"]
        return result

    def _get_confidentiality(self, vals):
        """Return the register's word."""
        return "confidential" if vals["confidential"] else "personal"

    def _forget_strangers(self):
        """Take followers and to-dos off those who may not read the request."""
        for request in self.sudo():
            people = request.message_partner_ids.user_ids | request.activity_ids.user_id
            strangers = request._get_strangers(people)
            if strangers:
                request.message_unsubscribe(strangers.partner_id.ids)
                request.activity_ids.filtered(
                    lambda activity, who=strangers: activity.user_id in who
                ).unlink()

    def _get_strangers(self, users):
        """Return those of the users who may not read the request."""
        self.ensure_one()
        return users.filtered(lambda user: not self.with_user(user).has_access("read"))

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Notify nobody of the house who may not read the request.

        The last wall: whoever mentions or subscribes somebody, no e-mail leaves.
        """
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        ids = [r["uid"] for r in recipients if r.get("uid")]
        if not ids or not self:
            return recipients
        users = self.env["res.users"].sudo().browse(ids)
        strangers = set(self._get_strangers(users.filtered(lambda u: not u.share))._ids)
        return [r for r in recipients if r.get("uid") not in strangers]
