"""Whether an institution lets the text of its scans be recognised."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import counted
from odoo.exceptions import ValidationError

from .. import pages
from .pcu_intake_recognition import LANGUAGE

MOST_PAGES = 500


class ResCompany(models.Model):
    _inherit = "res.company"

    pcu_recognise = fields.Boolean(
        string="Recognise the text of scans",
        help="In the background, for search only; the documents don't change.",
    )
    pcu_recognise_pages = fields.Integer(
        string="Pages read of each document", default=20, required=True
    )
    pcu_recognise_note = fields.Char(compute="_compute_pcu_recognise_note")

    @api.depends("pcu_recognise")
    @api.depends_context("lang")
    def _compute_pcu_recognise_note(self):
        """Say when what it takes isn't there; everything else works without it."""
        missing = any(self.mapped("pcu_recognise")) and not pages.can_recognise(
            LANGUAGE
        )
        for company in self:
            company.pcu_recognise_note = (
                company.pcu_recognise
                and missing
                and self.env._(
                    "Tesseract with its Romanian data isn't installed on the server. "
                    "Scans wait until it is: install tesseract-ocr-ron."
                )
            )

    @api.constrains("pcu_recognise_pages")
    def _check_pcu_recognise_pages(self):
        if any(not 1 <= c.pcu_recognise_pages <= MOST_PAGES for c in self):
            raise ValidationError(
                self.env._(
                    "Read between 1 and %(most)s pages of each document.",
                    most=counted(MOST_PAGES, self.env.lang),
                )
            )
