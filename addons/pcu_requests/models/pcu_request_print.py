"""The sheet of a request on paper: the facts, the checklist, what happened."""

from odoo import models
from odoo.addons.pcu_base.romania import counted, in_romanian, local_time
from odoo.addons.pcu_registry.paper_lists import Column, Paper, draw
from odoo.exceptions import UserError
from odoo.tools import format_date

#: More than a clerk carries; what is larger is printed in parts.
MOST = 200


class PcuRequest(models.Model):
    """Print."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    def action_print_slip(self):
        """Print what the citizen takes home: the slip of the register."""
        return self.entry_id.action_print_slip()

    def action_print_sheets(self):
        """Open one PDF with a sheet for each of the chosen requests."""
        self.check_access("read")
        if len(self) > MOST:
            raise UserError(
                self.env._(
                    "Choose at most %(most)s requests at once; you chose %(count)s.",
                    most=counted(MOST, self.env.lang),
                    count=len(self),
                )
            )
        numbers = ",".join(str(number) for number in self.ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/requests/sheets?ids={numbers}",
            "target": "new",
        }

    def _draw_sheets(self):
        """Draw the sheets, in the order of the list, and write them down."""
        self.check_access("read")
        self.env["pcu.journal"]._log(self, "request_printed")
        return draw(
            *[in_romanian(request)._prepare_sheet() for request in self],
            fonts=self.env["pcu.register.entry"]._get_fonts(),
        )

    def _prepare_sheet(self):
        """Say what stands on the sheet of one request."""
        _ = self.env._
        return Paper(
            institution=self.company_id.name,
            title=_("Sheet of the request"),
            subtitle=self.display_name,
            facts=tuple((name, text) for name, text in self._sheet_facts() if text),
            about=(self.observations or "",),
            columns=(
                Column(_("Document")),
                Column(_("State"), 0.5),
                Column(_("Remark")),
            ),
            rows=tuple(self._sheet_rows()),
            closing=tuple(self._sheet_story()),
        )

    def _sheet_facts(self):
        _ = self.env._
        label = self._get_label
        return [
            (_("What is asked"), self.title),
            (_("Applicant"), self.applicant_id.name),
            (_("PISEG number"), self.origin_number),
            (_("Registered on"), self._show_date(self.registration_date)),
            (_("Legal term"), self._show_date(self.due_date)),
            (_("Law of the term"), self.term_law),
            (_("Department"), self.department_id.name),
            (_("Inspector"), self.user_id.name),
            (_("State"), label("state")),
            (_("Decision"), label("outcome")),
        ]

    def _sheet_rows(self):
        """Write the checklist; what is mandatory is said in words."""
        for line in self.line_ids:
            name = line.name
            if line.mandatory:
                name = self.env._("%(document)s (mandatory)", document=name)
            yield name, self._get_label("state", line), line.note or ""

    def _sheet_story(self):
        """Tell the questions to the applicant, from the first to the last."""
        for question in self.clarification_ids.sorted("id"):
            yield self.env._(
                "Asked on %(day)s, answer until %(until)s (%(state)s): %(text)s",
                day=f"{local_time(question.asked_at):%d.%m.%Y}",
                until=self._show_date(question.due_date) or "–",
                state=self._get_label("state", question),
                text=question.text,
            )

    def _get_label(self, name, record=None):
        """Return the word of a selection."""
        record = self if record is None else record.with_env(self.env)
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")

    def _show_date(self, day):
        return format_date(self.env, day) if day else ""
