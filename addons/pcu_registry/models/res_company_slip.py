"""How an institution prints slips, and where citizens find its status page."""

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import slips

SLIP_FORMATS = [
    ("a6", "Slip A6"),
    ("a4", "Slip A4"),
    ("label_62x29", "Label 62 × 29 mm"),
    ("label_102x51", "Label 102 × 51 mm"),
]


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    pcu_slip_format = fields.Selection(
        SLIP_FORMATS, string="Slip format", default=slips.DEFAULT_FORMAT, required=True
    )
    pcu_slip_print = fields.Boolean(
        string="Print after quick registration",
        help="Open the print window with the slip as soon as a document has its "
        "number on the quick registration screen.",
    )
    pcu_public_url = fields.Char(
        string="Address for citizens",
        help="Where the public reaches this institution's pages, e.g. "
        "https://registratura.primaria.ro. It is printed on slips. Empty: the "
        "address of this program.",
    )

    @api.constrains("pcu_public_url")
    def _check_pcu_public_url(self):
        for company in self.filtered("pcu_public_url"):
            parts = urlsplit(company.pcu_public_url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValidationError(
                    self.env._(
                        "The address for citizens must begin with https:// and hold a "
                        "name, for example https://registratura.primaria.ro."
                    )
                )
