"""The emergency sheet as a PDF."""

from odoo import http
from odoo.addons.pcu_base.http_files import file_response
from odoo.http import request


class EmergencySheetController(http.Controller):
    """Give the printed sheet to whoever may read the range."""

    @http.route("/pcu/emergency-sheet/<int:range_id>", type="http", auth="user")
    def emergency_sheet(self, range_id):
        record = request.env["pcu.register.range"].browse(range_id).exists()
        if not record or not record.has_access("read"):
            raise request.not_found()
        return file_response(record._draw_sheet(), f"urgenta-{record.mark}.pdf")
