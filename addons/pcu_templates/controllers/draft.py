"""A draft as PDF, DOCX or ODT."""

from odoo.http import Controller, content_disposition, request, route

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
        _write, media_type = FORMATS[kind]
        place = "inline" if kind == "pdf" else "attachment"
        return request.make_response(
            draft._draw(kind),
            headers=[
                ("Content-Type", media_type),
                (
                    "Content-Disposition",
                    content_disposition(draft._get_file_name(kind), place),
                ),
                ("Cache-Control", "no-store"),
            ],
        )
