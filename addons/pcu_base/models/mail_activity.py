"""Reminders go to the substitute with the work they are about."""

from odoo import api, models
from odoo.fields import Domain

from ..romania import in_romanian


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "pcu.work.mixin"]

    @api.model
    def _pcu_get_open_work_domain(self):
        return Domain("active", "=", True)

    def _pcu_filter_movable(self, user):
        """Leave reminders on records that the substitute can't open."""
        movable = self.browse()
        for model, activities in self.grouped("res_model").items():
            if not model or model not in self.env:
                continue
            records = (
                self.env[model].with_user(user).browse(activities.mapped("res_id"))
            )
            seen = set(records.exists()._filtered_access("read")._ids)
            movable |= activities.filtered(lambda a, seen=seen: a.res_id in seen)
        return movable

    def _pcu_move_work(self, from_user, to_user, on_behalf_of):
        """Move reminders without an e-mail for each, and say for whom they are."""
        activities = self.with_context(mail_activity_quick_update=True)
        result = super(MailActivity, activities)._pcu_move_work(
            from_user, to_user, on_behalf_of
        )
        for activity in activities:
            if on_behalf_of:
                activity.summary = self._pcu_mark(on_behalf_of) + (
                    activity.summary or activity.activity_type_id.name or ""
                )
            elif activity.summary:
                activity.summary = activity.summary.removeprefix(
                    self._pcu_mark(to_user)
                )
        return result

    @api.model
    def _pcu_mark_values(self, vals, user):
        return vals | {"summary": self._pcu_mark(user) + (vals.get("summary") or "")}

    @api.model
    def _pcu_mark(self, user):
        """Say for whom; in the institution's language, so that it can be taken off."""
        return in_romanian(self).env._("For %(user)s: ", user=user.name)
