"""Nobody is given a to-do about a request that they may not open."""

from odoo import api, models
from odoo.exceptions import ValidationError


class MailActivity(models.Model):
    """To-dos of requests."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_user_sees_request()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_id", "res_id"}:
            self._check_user_sees_request()
        return result

    def _check_user_sees_request(self):
        """Refuse what would tell a stranger that the request exists."""
        if self.env.su:
            return  # programs remind those who answer for the request
        for activity in self.filtered(lambda a: a.res_model == "pcu.request"):
            request = self.env["pcu.request"].browse(activity.res_id)
            if request._get_strangers(activity.user_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not see %(request)s. Choose somebody of its "
                        "department.",
                        user=activity.user_id.name,
                        request=request.display_name,
                    )
                )
