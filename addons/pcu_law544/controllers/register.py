"""The public register of Law 544 as a file."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound


class Law544RegisterController(Controller):
    @route(
        "/pcu/law544-register/<int:company_id>/<int:year>/<any(pdf,xlsx):form>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def register(self, company_id, year, form):
        """Return a year's register to who may publish it; others find nothing."""
        wizards = request.env["pcu.law544.register"]
        company = request.env.user.company_ids.filtered(lambda c: c.id == company_id)
        if not (company and wizards.has_access("read") and 1990 <= year <= 2100):
            raise NotFound
        content = wizards._draw(company, year, form)
        return file_response(content, f"registru-544-{year}.{form}")
