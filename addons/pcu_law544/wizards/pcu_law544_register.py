"""The public register of Law 544 of one year, to be published."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.addons.pcu_registry import paper_lists, spreadsheets

#: Shares of the columns on paper.
SHARES = (3, 9, 8, 9, 14, 28, 16, 8, 5)


class PcuLaw544Register(models.TransientModel):
    """The dialog that gives the register as PDF or as a spreadsheet."""

    _name = "pcu.law544.register"
    _description = "Public register of Law 544"
    _inherit = ["pcu.law.download"]

    year = fields.Integer(required=True, default=lambda _self: local_day().year)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        default=lambda self: self.env.company,
    )
    unready_count = fields.Integer(
        string="Without a text for the public", compute="_compute_unready_count"
    )

    @api.depends("year", "company_id")
    def _compute_unready_count(self):
        """Count what nobody has put into words for the public yet."""
        for wizard in self:
            wizard.unready_count = self.env["pcu.request"].search_count(
                [
                    ("kind", "=", "law544"),
                    ("company_id", "=", wizard.company_id.id),
                    ("registration_date", ">=", f"{wizard.year:04}-01-01"),
                    ("registration_date", "<=", f"{wizard.year:04}-12-31"),
                    ("public_summary", "=", False),
                ]
            )

    def _get_download_address(self):
        return f"/pcu/law544-register/{self.company_id.id}/{self.year}"

    # ------------------------------------------------------------------ outside

    @api.model
    def _draw(self, company, year, form):
        """Return the register's bytes; what leaves is written down."""
        heads, rows = self.env["pcu.request"]._get_public_register(company, year)
        self.env["pcu.journal"]._log(company, "law544_register", year=year, form=form)
        env = in_romanian(self).env
        title = env._(
            "Register of requests for public information, year %(year)s", year=year
        )
        if form == "xlsx":
            return spreadsheets.write(
                spreadsheets.Sheet((company.name, title), heads, rows)
            )
        columns = [
            paper_lists.Column(head, share)
            for head, share in zip(heads, SHARES, strict=True)
        ]
        return paper_lists.draw(
            paper_lists.Paper(
                institution=company.name,
                title=title,
                about=(env._("Law 544/2001; without personal data."),),
                columns=tuple(columns),
                rows=tuple(rows),
                wide=True,
                page_text=env._("Page {page} of {pages}"),
            ),
            fonts=self.env["pcu.register.entry"]._get_fonts(),
        )
