"""The PDF of hand-over and dispatch lists."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound

MODELS = ("pcu.handover", "pcu.dispatch.list")


class PaperListController(Controller):
    @route(
        "/pcu/list/<string:model>/<int:list_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def paper_list(self, model, list_id):
        """Return a list as PDF; unknown and forbidden ones look alike."""
        record = request.env[model].browse(list_id) if model in MODELS else None
        if record is None or not record.exists() or not record.has_access("read"):
            raise NotFound
        name = (record.name or "").replace("/", "-") or "proiect"
        return file_response(record._draw_pdf(), f"borderou-{name}.pdf")
