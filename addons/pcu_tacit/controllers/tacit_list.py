"""The list of procedures under tacit approval as PDF."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound


class TacitListController(Controller):
    @route(
        "/pcu/tacit-list/<int:company_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def tacit_list(self, company_id):
        """Return the list of an own institution; others find nothing."""
        procedures = request.env["pcu.procedure"]
        company = request.env.user.company_ids.filtered(lambda c: c.id == company_id)
        if not company or not procedures.has_access("read"):
            raise NotFound
        content = procedures._draw_tacit_list(company)
        return file_response(content, "aprobare-tacita-proceduri.pdf")
