"""A draft as PDF, DOCX or ODT."""

from odoo.addons.pcu_base.http_files import file_response
from odoo.http import Controller, request, route

from ..writers import FORMATS


class DraftController(Controller):
    @route(
        "/pcu/draft/<int:draft_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def draft(self, draft_id, kind):
        """Return the paper; unknown and forbidden ones look alike."""
        draft = request.env["pcu.draft"].browse(draft_id)
        if kind not in FORMATS or not draft.exists() or not draft.has_access("read"):
            # Without a page around it: nobody looks at it.
            return request.make_response("", status=404)
        return file_response(draft._draw(kind), draft._get_file_name(kind))
