"""What of a request stands in the public register (norms of Law 544, HG 123/2002).

Published is what was asked, never who asked. The clerk writes it in a field of its own
and what looks like personal data is refused there.
"""

import re

from odoo import api, fields, models
from odoo.addons.pcu_base import identity
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import ValidationError
from odoo.tools import format_date

#: What looks like a CNP, an e-mail address or a Romanian telephone number.
PERSONAL = (
    re.compile(r"(?<!\d)[1-9]\d{12}(?!\d)"),
    re.compile(r"[^\s@]+@[^\s@]+\.\w+"),
    re.compile(r"(?<!\d)(?:\+?40|0)[\s.]?7\d{2}(?:[\s.-]?\d{3}){2}(?!\d)"),
)


class PcuRequest(models.Model):
    """Publication."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    public_summary = fields.Char(
        string="Information asked for, for the public register",
        help="Without names, addresses or numbers of persons: it is published.",
    )

    @api.constrains("public_summary", "applicant_id")
    def _check_public_summary(self):
        """Keep personal data out of what is published."""
        for request in self.filtered("public_summary"):
            text = request.public_summary
            key = identity.name_key(text)
            name = identity.name_key(request.applicant_id.name or "")
            named = len(name) > 1 and set(name) <= set(key)
            organisation = request.applicant_id.is_company
            if any(each.search(text) for each in PERSONAL) or (
                named and not organisation
            ):
                raise ValidationError(
                    self.env._(
                        "The text for the public register holds personal data (a name, "
                        "CNP, e-mail address or telephone number). Write only what "
                        "information was asked for."
                    )
                )

    @api.model
    def _get_public_register(self, company, year):
        """Return heads and rows of the public register of a year, in Romanian."""
        requests = in_romanian(self.sudo()).search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "law544"),
                ("registration_date", ">=", f"{year}-01-01"),
                ("registration_date", "<=", f"{year}-12-31"),
            ],
            order="registration_date, entry_number, id",
        )
        env = requests.env
        heads = (
            env._("No."),
            env._("Number and date"),
            env._("Asked"),
            env._("Who asks"),
            env._("Domain of interest"),
            env._("Information asked for"),
            env._("Answer"),
            env._("Date of the answer"),
            env._("In term"),
        )
        return heads, [
            (str(position), *request._get_public_row())
            for position, request in enumerate(requests, 1)
        ]

    def _get_public_row(self):
        """Return one row of the public register: no name, no address."""
        self.ensure_one()
        label = self._get_label
        answer = label("outcome") or self.env._("being answered")
        if self.refusal_ground_id:
            answer = f"{answer} – {self.refusal_ground_id.law}"
        elif self.redirected_to_id:
            answer = f"{answer} – {self.redirected_to_id.name}"
        in_term = ""
        if self.answered_on:
            late = self.answered_late or self.refused_late or self.redirected_late
            in_term = self.env._("no") if late else self.env._("yes")
        return (
            self.entry_reference or "",
            label("asked_form"),
            label("applicant_kind"),
            self.info_domain_id.name or "",
            self.public_summary or self.env._("(being anonymised)"),
            answer,
            format_date(self.env, self.answered_on) if self.answered_on else "",
            in_term,
        )
