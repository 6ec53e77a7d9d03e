"""What the acts of intake are called in the journal."""

from odoo import api, models


class PcuJournal(models.Model):
    _inherit = "pcu.journal"

    @api.model
    def _get_action_labels(self):
        return super()._get_action_labels() | {
            "import_begun": self.env._("Import of an old register begun"),
            "import_done": self.env._("Old register imported"),
            "mail_answered": self.env._("Answer came by e-mail"),
            "mail_rejected": self.env._("E-mail set aside"),
            "pages_arranged": self.env._("Pages arranged on a copy"),
            "mail_restored": self.env._("E-mail taken up again"),
        }
