"""Legal reports as PDF and as a spreadsheet."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound


class LawReportController(Controller):
    @route(
        "/pcu/law-report/<int:report_id>/<any(pdf,xlsx):form>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def law_report(self, report_id, form):
        """Return a report; unknown and forbidden ones look alike."""
        report = request.env["pcu.law.report"].browse(report_id).exists()
        if not report or not report.has_access("read"):
            raise NotFound
        content = report._draw_pdf() if form == "pdf" else report._write_xlsx()
        name = f"raport-{report.kind}-{report.year}-{report.period}.{form}"
        return file_response(content, name)
