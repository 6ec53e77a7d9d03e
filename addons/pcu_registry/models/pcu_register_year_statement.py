"""The opening and the closing statement of a register year, as they are bound.

Models for both are the first and the last page of a paper register: what it is, how
many positions it has, what was annulled and why, which numbers nobody used, that no
number is missing, and who signs for it.
"""

from odoo import models
from odoo.addons.pcu_base.romania import local_day

from .. import numbering


class PcuRegisterYear(models.Model):
    _inherit = "pcu.register.year"  # pylint: disable=consider-merging-classes-inherited

    def action_print(self):
        """Open the print of the whole year, for binding."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "pcu_registry.pcu_register_print_action"
            ),
            "context": {
                "default_register_id": self.register_id.id,
                "default_year": self.year,
                "default_for_binding": True,
            },
        }

    # ------------------------------------------------------------------ statements

    def _get_opening_statement(self):
        """Return the first page of the book, as parts for ``Pages.flow``."""
        self.ensure_one()
        company = self.company_id
        return [
            ("space", 130),
            ("title", company.name),
            ("title", self.register_id.display_name.upper()),
            ("title", self.env._("Year %(year)s", year=self.year)),
            (
                "text",
                self.env._(
                    "This register of %(institution)s%(cui)s is opened on 1 January "
                    "%(year)s and begins with number %(first)s. Its entries are "
                    "numbered in the order of registration, without repeating a "
                    "number; what is wrong is annulled with a reason and stays "
                    "readable (Instructions on archive work, Order 217/1996, art. 9).",
                    institution=company.name,
                    cui=f" (CUI {company.pcu_cui})" if company.pcu_cui else "",
                    year=self.year,
                    first=self.opening_number,
                ),
            ),
            ("signatures", self._get_signers()),
        ]

    def _get_closing_statement(self):
        """Return the last pages of the book, as parts for ``Pages.flow``."""
        self.ensure_one()
        return [
            (
                "title",
                self.env._(
                    "CLOSING STATEMENT – %(register)s, YEAR %(year)s",
                    register=self.register_id.code,
                    year=self.year,
                ),
            ),
            ("text", self._describe_drawing_up()),
            ("text", self._describe_extent()),
            *self._get_totals(),
            *self._get_annulled(),
            *self._get_unused(),
            *self._get_continuity(),
            ("signatures", self._get_signers()),
        ]

    def _describe_drawing_up(self):
        company = self.company_id
        return self.env._(
            "Drawn up on %(day)s at %(institution)s%(cui)s.",
            day=f"{local_day():%d.%m.%Y}",
            institution=company.name,
            cui=f" (CUI {company.pcu_cui})" if company.pcu_cui else "",
        )

    def _describe_extent(self):
        values = {
            "year": self.year,
            "first": self.opening_number,
            "last": self.last_number,
            "entries": self._say_entries(self.entry_count),
        }
        if self.state == "closed":
            return self.env._(
                "The register of the year %(year)s is closed. It holds %(entries)s, "
                "under the numbers %(first)s to %(last)s.",
                **values,
            )
        return self.env._(
            "The register of the year %(year)s is not closed yet. To this day it holds "
            "%(entries)s, under the numbers %(first)s to %(last)s.",
            **values,
        )

    def _get_totals(self):
        """Count by direction, state and department."""
        # sudo: a statement counts all entries, also those its reader can't open
        entries = self.env["pcu.register.entry"].sudo()
        domain = [("register_year_id", "=", self.id), ("number", "!=", False)]
        parts = []
        for title, kind, field in (
            (self.env._("Entries by direction"), self.env._("Direction"), "direction"),
            (self.env._("Entries by state"), self.env._("State"), "state"),
            (
                self.env._("Entries by department"),
                self.env._("Department"),
                "department_id",
            ),
        ):
            rows = entries._read_group(domain, [field], ["__count", "page_count:sum"])
            labels = {}
            if entries._fields[field].type == "selection":
                labels = dict(entries._fields[field]._description_selection(self.env))
            head = (kind, self.env._("Entries"), self.env._("Sheets"))
            cells = [
                (
                    labels.get(value) or (value and value.display_name)
                    or self.env._("Not routed"),
                    str(count),
                    str(sheets or 0),
                )
                for value, count, sheets in rows
            ]  # fmt: skip
            parts += [("heading", title), ("table", (6, 1, 1), head, cells)]
        return parts

    def _get_annulled(self):
        """List the annulled entries with who, when and why."""
        # sudo: that a number is annulled is no secret; the reason may be
        annulled_sudo = self.env["pcu.register.entry"].sudo().search(
            [("register_year_id", "=", self.id), ("state", "=", "annulled")],
            order="number, id",
        )  # fmt: skip
        title = ("heading", self.env._("Annulled entries"))
        if not annulled_sudo:
            return [title, ("text", self.env._("No entry was annulled."))]
        readable = annulled_sudo.sudo(False)._filtered_access("read")
        head = (
            self.env._("Number"),
            self.env._("Annulled on"),
            self.env._("By"),
            self.env._("Reason"),
        )
        rows = [
            (
                entry.reference,
                f"{local_day(entry.annulled_at):%d.%m.%Y}",
                entry.annulled_by_id.name or "",
                entry.annulment_reason or ""
                if entry.sudo(False) in readable
                else self.env._("(confidential)"),
            )
            for entry in annulled_sudo
        ]
        return [title, ("table", (2, 1.3, 2.5, 6), head, rows)]

    def _get_unused(self):
        """List the numbers that were set aside and not used, with the reason."""
        title = ("heading", self.env._("Unused numbers"))
        runs = self._unused_numbers()
        if not runs:
            return [title, ("text", self.env._("Every number was used."))]
        head = (self.env._("Numbers"), self.env._("Range"), self.env._("Explanation"))
        rows = [
            (
                numbering.run_text(run["first"], run["last"]),
                run["range"].sudo().display_name,
                run["explanation"] or self.env._("not explained yet"),
            )
            for run in runs
        ]
        return [title, ("table", (2, 3, 6), head, rows)]

    def _get_continuity(self):
        """State that no number is missing, and where the daily closings end."""
        parts = [
            ("heading", self.env._("Continuity of the numbers")),
            ("text", self._describe_findings(self._check_continuity())),
        ]
        # sudo: digests hold no content, and the statement is printed for outsiders
        closings_sudo = self.env["pcu.register.closing"].sudo()
        domain = [
            ("register_id", "=", self.register_id.id),
            ("day", ">=", f"{self.year}-01-01"),
            ("day", "<=", f"{self.year}-12-31"),
        ]
        count = closings_sudo.search_count(domain)
        if count:
            last = closings_sudo.search(domain, order="day desc", limit=1)
            parts.append(
                (
                    "text",
                    self.env._(
                        "Closed: %(days)s, the last is %(day)s. The SHA-256 "
                        "of its file, in which all earlier days are chained, is "
                        "%(digest)s.",
                        days=self._say_days(count),
                        day=f"{last.day:%d.%m.%Y}",
                        digest=last.digest,
                    ),
                )
            )
        return parts

    def _get_signers(self):
        """Name who signs: the registry, the secretary general, the head."""
        company = self.company_id
        return [
            f"{office}\n{name or ''}\n\n................................"
            for office, name in (
                (self.env._("Registry"), ""),
                (self.env._("Secretary general"), company.pcu_secretary_id.name),
                (company.pcu_head_title or "", company.pcu_head_id.name),
            )
        ]
