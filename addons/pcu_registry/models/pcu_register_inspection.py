"""Checks of all registers at once, each with a report that an auditor prints."""

import base64
import io

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import counted, local_day, local_time
from odoo.exceptions import AccessError

from ..printing import Pages


class PcuRegisterInspection(models.Model):
    """One check of all registers of an institution: numbers and daily closings.

    Made every night and on demand. What was found is kept as it was found, so that the
    report of a date says the same whenever it is printed.
    """

    _name = "pcu.register.inspection"
    _description = "Check of all registers"
    _order = "id desc"

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        readonly=True,
        index=True,
    )
    checked_at = fields.Datetime(
        string="Checked on", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Checked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    broken = fields.Boolean(string="Something is wrong", readonly=True)
    verdict = fields.Char(string="Result", compute="_compute_verdict")
    check_ids = fields.One2many(
        comodel_name="pcu.register.check",
        inverse_name="inspection_id",
        string="Numbers",
        readonly=True,
    )
    closing_note = fields.Text(string="Daily closings", readonly=True)
    content = fields.Binary(string="Report", compute="_compute_content")
    content_name = fields.Char(compute="_compute_content_name")

    # ------------------------------------------------------------------ computes

    @api.depends("checked_at", "company_id")
    def _compute_display_name(self):
        for record in self:
            # In Romanian time whoever asks: the report is made by night jobs, too.
            record.display_name = f"{local_time(record.checked_at):%d.%m.%Y %H:%M}"

    @api.depends("broken")
    @api.depends_context("lang")
    def _compute_verdict(self):
        """Say the result in words: a sign alone says nothing to who doesn't see it."""
        for record in self:
            record.verdict = (
                self.env._("Something is wrong")
                if record.broken
                else self.env._("In order")
            )

    def _compute_content(self):
        for record in self:
            record.content = base64.b64encode(record._draw())

    def _compute_content_name(self):
        for record in self:
            record.content_name = self.env._(
                "continuity-%(day)s.pdf", day=local_day(record.checked_at)
            )

    # ------------------------------------------------------------------ actions

    def action_inspect(self):
        """Check all registers now and show what was found."""
        if not self.env.user.has_groups(
            "pcu_base.group_registry_operator,pcu_base.group_auditor,"
            "pcu_base.group_admin"
        ):
            raise AccessError(
                self.env._("Registers are checked by the registry and the auditor.")
            )
        record = self._inspect(self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def action_print(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content"
            "?filename_field=content_name&download=1",
            "target": "download",
        }

    # ------------------------------------------------------------------ business

    def _say_years(self, count):
        if count == 1:
            return self.env._("one register year")
        return self.env._(
            "%(count)s register years", count=counted(count, self.env.lang)
        )

    def _say_closings(self, count):
        if count == 1:
            return self.env._("one closing")
        return self.env._("%(count)s closings", count=counted(count, self.env.lang))

    @api.model
    def _inspect(self, company):
        """Check every year of every register, and the chains of their closings."""
        # sudo: whoever asks, the check reads all and writes its result
        self_sudo = self.sudo()
        record_sudo = self_sudo.create({"company_id": company.id})
        registers = self_sudo.env["pcu.register"].with_context(active_test=False)
        registers = registers.search([("company_id", "=", company.id)])
        for year in registers.year_ids.sorted(lambda y: (y.register_id.code, y.year)):
            findings = year._check_continuity()
            year._keep_check(findings).inspection_id = record_sudo
            if findings:
                record_sudo.broken = True
                self.env["pcu.journal"]._log(
                    year, "register_continuity_broken", findings=findings[:50]
                )
        record_sudo._inspect_closings(registers)
        return record_sudo.with_env(self.env)

    def _inspect_closings(self, registers):
        closings = self.env["pcu.register.closing"]
        told = []
        for register in registers:
            last = closings._get_last(register)
            if not last:
                continue
            faults = closings._check_chain(register)
            if faults:
                self.broken = True
                self.env["pcu.journal"]._log(
                    register, "closing_chain_broken", faults=faults[:50]
                )
                told += faults
                continue
            told.append(
                self.env._(
                    "%(register)s: %(closings)s to %(day)s, unbroken; SHA-256 of "
                    "the last one: %(digest)s",
                    register=register.code,
                    closings=self._say_closings(last.sequence),
                    day=f"{last.day:%d.%m.%Y}",
                    digest=last.digest,
                )
            )
        self.closing_note = "\n".join(told) or self.env._("No day is closed yet.")

    @api.model
    def _inspect_all(self):
        """Check all institutions; called every night."""
        registers = self.env["pcu.register"].with_context(active_test=False)
        for company in registers.search([("company_id", "!=", False)]).company_id:
            self.with_context(lang=company.partner_id.lang)._inspect(company)

    # ------------------------------------------------------------------ report

    def _draw(self):
        """Draw the report on A4, with numbered pages."""
        self.ensure_one()
        self.check_access("read")
        out = io.BytesIO()
        fonts = self.env["pcu.register.entry"]._get_fonts()
        pages = Pages(
            out, fonts, self.env._("page %(page)s of"), title=self.display_name
        )
        pages.flow(self._get_parts())
        pages.save()
        return out.getvalue()

    def _get_parts(self):
        head = (
            self.env._("Register"),
            self.env._("Year"),
            self.env._("Numbers"),
            self.env._("Result"),
        )
        rows = [
            (
                check.register_year_id.register_id.display_name,
                str(check.register_year_id.year),
                f"{check.register_year_id.opening_number}–{check.last_number}"
                if check.last_number >= check.register_year_id.opening_number
                else "–",
                check.note,
            )
            for check in self.check_ids.sorted("id")
        ]
        return [
            ("title", self.env._("CONTINUITY OF THE REGISTERS")),
            ("text", self._describe()),
            ("heading", self.env._("Numbers of each register and year")),
            ("table", (4, 1, 2, 7), head, rows),
            ("heading", self.env._("Daily closings")),
            *(("text", line) for line in (self.closing_note or "").splitlines()),
            ("signatures", [self.env._("Checked by") + "\n\n......................",
                            self.env._("Registry") + "\n\n......................"]),
        ]  # fmt: skip

    def _describe(self):
        values = {
            "institution": self.company_id.name,
            "moment": self.display_name,
            "user": self.user_id.name,
            "years": self._say_years(len(self.check_ids)),
        }
        if self.broken:
            return self.env._(
                "At %(institution)s, on %(moment)s, %(user)s checked %(years)s. "
                "SOMETHING IS WRONG: it is told below. Nothing was "
                "changed; tell the administrator.",
                **values,
            )
        return self.env._(
            "At %(institution)s, on %(moment)s, %(user)s checked %(years)s: "
            "every number was given or is set aside for a range, none was given "
            "twice, and the daily closings are unbroken.",
            **values,
        )
