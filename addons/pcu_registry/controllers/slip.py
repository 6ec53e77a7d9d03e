"""The PDF of slips and labels, for the clerk's printer."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.addons.pcu_base.romania import counted
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

MOST = 500
"""Slips in one PDF; more would keep a worker busy."""


class SlipController(Controller):
    @route("/pcu/slip", type="http", auth="user", methods=["GET"])
    def slip(self, ids="", paper=""):
        """Return the slips of some entries; ``ids`` are parted by commas."""
        wanted = [int(part) for part in ids.split(",") if part.strip().isdecimal()]
        if not wanted or len(wanted) > MOST:
            raise UserError(
                request.env._(
                    "Choose between 1 and %(most)s entries and print again.",
                    most=counted(MOST, request.env.lang),
                )
            )
        entries = request.env["pcu.register.entry"].browse(wanted).exists()
        content = entries._draw_slips(paper or entries.company_id[:1].pcu_slip_format)
        name = "-".join(filter(str.isalnum, entries[:1].reference)) or "bon"
        return file_response(content, f"{name}.pdf")
