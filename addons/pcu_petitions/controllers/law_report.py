"""Legal reports as PDF and as a spreadsheet."""

from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        kind = "application/pdf" if form == "pdf" else XLSX
        name = f"raport-{report.kind}-{report.year}-{report.period}.{form}"
        place = "inline" if form == "pdf" else "attachment"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(name, place)),
                ("Cache-Control", "no-store"),
            ],
        )
