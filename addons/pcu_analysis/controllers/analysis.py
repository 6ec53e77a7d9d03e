"""The report as a file."""

from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
        if kind not in TYPES or period not in known or not allowed:
            raise NotFound
        chosen = int(department) if (department or "").isdecimal() else False
        content, name = analysis._export(kind, period, chosen)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", TYPES[kind]),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
