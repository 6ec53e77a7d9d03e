"""Legal reports as PDF and as a spreadsheet."""

from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make_file_response(content, name, form):
    """Return a file: PDF is shown, a spreadsheet is downloaded, nothing is cached."""
    place = "inline" if form == "pdf" else "attachment"
    return request.make_response(
        content,
        headers=[
            ("Content-Type", TYPES[form]),
            ("Content-Disposition", content_disposition(f"{name}.{form}", place)),
            ("Cache-Control", "no-store"),
        ],
    )


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
        name = f"raport-{report.kind}-{report.year}-{report.period}"
        return make_file_response(content, name, form)
