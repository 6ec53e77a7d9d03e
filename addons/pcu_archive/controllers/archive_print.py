"""Forms of the archive as PDF files."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound

PRINTABLE = (
    "pcu.archive.movement",
    "pcu.archive.sheet",
    "pcu.classification.plan",
    "pcu.archive.handover",
    "pcu.inventory",
    "pcu.selection",
)


class ArchivePrint(Controller):
    @route(
        "/pcu/archive/<string:model>/<int:record_id>.pdf",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def print_form(self, model, record_id):
        """Draw a form for whoever may read its record; else it does not exist."""
        record = request.env[model].browse(record_id) if model in PRINTABLE else None
        if not record or not record.exists() or not record.has_access("read"):
            raise NotFound
        name, content = record._print_pdf()
        return file_response(content, name, shown=False)
