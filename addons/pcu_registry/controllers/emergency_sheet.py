"""The emergency sheet as a PDF."""

from odoo import http
from odoo.http import request


class EmergencySheetController(http.Controller):
    """Give the printed sheet to whoever may read the range."""

    @http.route("/pcu/emergency-sheet/<int:range_id>", type="http", auth="user")
    def emergency_sheet(self, range_id):
        record = request.env["pcu.register.range"].browse(range_id).exists()
        if not record or not record.has_access("read"):
            raise request.not_found()
        content = record._draw_sheet()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                (
                    "Content-Disposition",
                    http.content_disposition(f"urgenta-{record.mark}.pdf", "inline"),
                ),
            ],
        )
