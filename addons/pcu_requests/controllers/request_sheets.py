"""The sheets of the chosen requests as one PDF."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound

from ..models.pcu_request_print import MOST


class RequestSheets(Controller):
    @route("/pcu/requests/sheets", type="http", auth="user", methods=["GET"])
    def sheets(self, ids="", documents=""):
        """Return the PDF, with the documents if asked; unknown and forbidden: 404."""
        numbers = [int(n) for n in ids.split(",") if n.isdecimal() and len(n) < 10]
        requests = request.env["pcu.request"].browse(numbers[:MOST]).exists()
        if not requests or not requests.has_access("read"):
            raise NotFound
        paper = requests._draw_bundle() if documents else requests._draw_sheets()
        return file_response(paper, "solicitari.pdf")
