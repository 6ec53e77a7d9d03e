"""The yearly report on Law 544 (art. 27; norms HG 123/2002, annex 10).

The indicators are those of the published reports; the annex in its present form is to
be verified, because HG 830/2022 revised the norms.
"""

from odoo import api, fields, models
from odoo.addons.pcu_petitions.models.pcu_law_report import SECOND_HALF, YEAR
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .pcu_law544_complaint import FAVOURABLE, OPEN, REJECTED
from .pcu_request import FORMS


class PcuLawReport(models.Model):
    """The figures of Law 544."""

    _inherit = "pcu.law.report"

    kind = fields.Selection(
        selection_add=[("law544", "Report on public information (Law 544/2001)")],
        ondelete={"law544": "cascade"},
    )

    @api.constrains("kind", "period")
    def _check_whole_year(self):
        """The law asks for one report a year."""
        if self.filtered(lambda r: r.kind == "law544" and r.period != YEAR):
            raise ValidationError(
                self.env._("The report on Law 544 is yearly: choose “Whole year”.")
            )

    @api.onchange("kind")
    def _onchange_kind(self):
        """Propose the period that the law wants."""
        if self.kind == "law544":
            self.period = YEAR

    @api.model
    def _cron_prepare(self):
        """Draft the yearly report as well, after New Year."""
        result = super()._cron_prepare()
        year, period = self._default_period()
        if period == SECOND_HALF:
            for company in self._get_institutions("law544"):
                self._prepare_draft(company, "law544", year, YEAR)
        return result

    def _prepare_lines(self):
        """Return the indicators in the order of the annex."""
        if self.kind != "law544":
            return super()._prepare_lines()
        base = self._in_period("law544")
        return [
            *self._count_asked(base),
            *self._count_answered(base),
            *self._count_refused(base),
            *self._count_complaints(),
            *self._sum_costs(base),
        ]

    def _count_asked(self, base):
        """Count who asked, how and about what."""
        section = self.env._("1. Requests received")
        lines = [self._figure(section, self.env._("Total"), base)]
        parties = (
            (self.env._("Natural persons"), ["natural"]),
            (self.env._("Legal persons"), ["legal", "authority", "press"]),
            (self.env._("Of which press"), ["press"]),
        )
        lines += [
            self._figure(
                section,
                label,
                base & Domain("applicant_id.pcu_party_kind", "in", kinds),
            )
            for label, kinds in parties
        ]
        lines += self._count_forms(section, base, "asked_form")
        return lines + self._count_domains(
            self.env._("1.1 By domain of interest"), base
        )

    def _count_forms(self, section, base, name):
        """Count by the form of the request or of the answer."""
        labels = dict(
            self.env["pcu.request"]._fields[name]._description_selection(self.env)
        )
        return [
            self._figure(section, labels[form], base & Domain(name, "=", form))
            for form, _label in FORMS
        ]

    def _count_domains(self, section, base):
        """Count by domain of interest."""
        domains = self.env["pcu.law544.domain"].with_context(active_test=False)
        lines = [
            self._figure(
                section, each.name, base & Domain("info_domain_id", "=", each.id)
            )
            for each in domains.search([])
        ]
        unstated = base & Domain("info_domain_id", "=", False)
        return [*lines, self._figure(section, self.env._("Not stated"), unstated)]

    def _count_answered(self, base):
        """Count what was answered, within which term and in which form."""
        section = self.env._("2. Requests solved favourably")
        solved = base & Domain("outcome", "in", ["favourable", "partial"])
        extended = Domain("term_step_ids", "any", [("kind", "=", "extend")])
        plain = Domain("term_step_ids", "not any", [("kind", "=", "extend")])
        in_term = Domain("answered_late", "=", False)
        ways = (
            (self.env._("Total"), solved),
            (
                self.env._("Sent on to other institutions in 5 days"),
                base
                & Domain("redirected_to_id", "!=", False)
                & Domain("redirected_late", "=", False),
            ),
            (
                self.env._("Sent on to other institutions later"),
                base & Domain("redirected_late", "=", True),
            ),
            (self.env._("Answered in 10 days"), solved & in_term & plain),
            (self.env._("Answered in 30 days"), solved & in_term & extended),
            (self.env._("Over the legal term"), self._late(base)),
        )
        lines = [self._figure(section, label, domain) for label, domain in ways]
        lines += self._count_forms(
            self.env._("2.1 How the answer was given"), solved, "answer_form_given"
        )
        return lines + self._count_domains(
            self.env._("2.2 Solved, by domain of interest"), solved
        )

    def _late(self, base):
        """Return the domain of what was, or still is, over the term."""
        unanswered = Domain("answered_on", "=", False) | Domain(
            "answered_on", ">", self.date_to
        )
        return base & (
            Domain("answered_late", "=", True)
            | (unanswered & Domain("due_date", "<", self._get_last_day()))
        )

    def _count_refused(self, base):
        """Count refusals and their reasons."""
        section = self.env._("3. Requests refused")
        refused = base & Domain("outcome", "=", "unfavourable")
        grounds = self.env["pcu.law544.ground"]._fields["kind"]
        return [
            self._figure(section, self.env._("Total"), refused),
            *(
                self._figure(
                    section,
                    label,
                    refused & Domain("refusal_ground_id.kind", "=", kind),
                )
                for kind, label in grounds._description_selection(self.env)
            ),
            self._figure(
                section,
                self.env._("Told after more than 5 days"),
                refused & Domain("refused_late", "=", True),
            ),
            *self._count_domains(
                self.env._("3.1 Refused, by domain of interest"), refused
            ),
        ]

    def _count_complaints(self):
        """Count complaints to the institution and in court."""
        sections = (
            ("administrative", self.env._("4. Administrative complaints")),
            ("court", self.env._("5. Complaints in court")),
        )
        labels = (
            (self.env._("Total"), [FAVOURABLE, REJECTED, OPEN]),
            (self.env._("Solved favourably"), [FAVOURABLE]),
            (self.env._("Rejected"), [REJECTED]),
            (self.env._("Being solved"), [OPEN]),
        )
        base = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("filed_on", ">=", self.date_from)
            & Domain("filed_on", "<=", self.date_to)
        )
        return [
            self._figure(
                section,
                label,
                base & Domain("kind", "=", kind) & Domain("state", "in", states),
                model="pcu.law544.complaint",
            )
            for kind, section in sections
            for label, states in labels
        ]

    def _sum_costs(self, base):
        """Say what copies brought in, at which price, set by which document."""
        section = self.env._("6. Costs")
        copied = base & Domain("copy_pages", ">", 0)
        ((amount, pages),) = self.env["pcu.request"]._read_group(
            copied, [], ["copy_cost:sum", "copy_pages:sum"]
        )
        company = self.company_id
        lines = [
            self._figure(section, self.env._("Requests with copies"), copied),
            {"label": self.env._("Pages copied"), "value": pages},
            {
                "label": self.env._("Collected for copies (lei)"),
                "text": f"{amount:.2f}",
            },
            {
                "label": self.env._("Price of a copied page (lei)"),
                "text": f"{company.pcu_copy_price:.2f}",
            },
            {
                "label": self.env._("Document that set the price"),
                "text": company.pcu_copy_decision or "–",
            },
        ]
        return [{"section": section} | line for line in lines]
