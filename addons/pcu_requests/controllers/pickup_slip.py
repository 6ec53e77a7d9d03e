"""The slip for taking over an answer, as PDF."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound


class PickupSlipController(Controller):
    @route(
        "/pcu/pickup-slip/<int:request_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def pickup_slip(self, request_id):
        """Return the slip; unknown and forbidden requests look alike."""
        record = request.env["pcu.request"].browse(request_id)
        if not record.exists() or not record.has_access("read"):
            raise NotFound
        name = f"ridicare-{record.entry_number}.pdf"
        return file_response(record._draw_pickup_slip(), name)
