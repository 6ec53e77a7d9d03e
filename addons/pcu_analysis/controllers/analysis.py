"""The report as a file."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound

KINDS = ("pdf", "xlsx")


class AnalysisController(Controller):
    @route(
        "/pcu/analysis/<string:kind>/<string:period>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def report(self, kind, period, department=None):
        """Return the report of what the user may see; the journal keeps it."""
        analysis = request.env["pcu.analysis"]
        known = {row["key"] for row in analysis._get_periods()}
        allowed = request.env["pcu.request.summary"].has_access("read")
        if kind not in KINDS or period not in known or not allowed:
            raise NotFound
        chosen = int(department) if (department or "").isdecimal() else False
        content, name = analysis._export(kind, period, chosen)
        return file_response(content, name, shown=False)
