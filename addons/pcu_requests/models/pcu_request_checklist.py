"""What a request brings: its documents, its checklist, the preview beside the form."""

import base64

from odoo import api, fields, models


class PcuRequest(models.Model):
    """Documents."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    line_ids = fields.One2many(
        comodel_name="pcu.request.document",
        inverse_name="request_id",
        string="Checklist",
    )
    document_ids = fields.One2many(
        comodel_name="pcu.document", inverse_name="request_id", string="Documents"
    )
    final_document_ids = fields.One2many(
        comodel_name="pcu.document",
        inverse_name="request_id",
        string="Final documents",
        domain=[("kind", "=", "issued")],
    )
    missing_count = fields.Integer(compute="_compute_missing")
    missing_text = fields.Char(string="Missing", compute="_compute_missing")
    document_count = fields.Integer(compute="_compute_document_count")

    @api.depends("line_ids.state", "line_ids.mandatory", "line_ids.name")
    def _compute_missing(self):
        """Name the mandatory documents that are not there or not usable."""
        for request in self:
            lines = request.line_ids.filtered("is_blocking")
            request.missing_count = len(lines)
            request.missing_text = ", ".join(lines.mapped("name"))

    @api.depends("document_ids")
    def _compute_document_count(self):
        """Count all documents of the request."""
        for request in self:
            request.document_count = len(request.document_ids)

    def _prepare_checklist(self):
        """Give each request the lines of its procedure, keeping what already came.

        Documents received before the procedure was known move onto the first free line
        that carries their code.
        """
        for request in self:
            known = request.line_ids.slot_id
            request.line_ids.filtered(
                lambda line, p=request.procedure_id: (
                    line.state == "missing" and line.slot_id.procedure_id != p
                )
            ).sudo().unlink()
            asked = request._get_asked_documents()
            new = [(slot, vals) for slot, vals in asked if slot not in known]
            if new:
                request._add_lines(new)

    def _add_lines(self, asked):
        """Create or adopt one checklist line for each document asked for.

        :param asked: see ``_get_asked_documents``
        """
        loose = {
            line.document_id.slot: line
            for line in self.line_ids
            if not line.slot_id and line.document_id.slot
        }
        lines_sudo = self.env["pcu.request.document"].sudo()
        new = []
        for slot, vals in asked:
            if slot.code in loose:
                loose[slot.code].sudo().write(vals)
            else:
                new.append(vals | {"request_id": self.id})
        lines_sudo.create(new)

    def _get_mail_thread_data_attachments(self):
        """Offer the request's documents to the preview pane and the file list."""
        own = super()._get_mail_thread_data_attachments()
        # The documents are readable by whoever reads the request (record rules).
        return own | self.document_ids.attachment_id

    def _show_document(self, document):
        """Put a document into the preview pane."""
        self.ensure_one()
        self.sudo().with_context(
            tracking_disable=True
        ).message_main_attachment_id = document.attachment_id

    def _attach_documents(self, documents, slots=None):
        """Hand documents to the request and place them on the checklist.

        :param documents: ``pcu.document`` records
        :param slots: the slot code of each document, as a mapping from document id or
            as a list in the same order; without it, the documents' own ``slot``
        """
        self.ensure_one()
        if slots is None:
            codes = {document.id: document.slot for document in documents}
        elif isinstance(slots, dict):
            codes = slots
        else:
            codes = dict(zip(documents.ids, slots, strict=True))
        self._own_documents(documents)
        others = []
        for document in documents:
            code = codes.get(document.id)
            if line := self._find_line(code):
                line._place(document)
            else:
                others.append((document, code))
        for line, (document, _code) in zip(
            self._add_own_lines(others), others, strict=True
        ):
            line._place(document)

    def _own_documents(self, documents):
        """Make documents this request's own, in its department and with its entry."""
        # A document is immutable for users; where it lies is not.
        documents.sudo().write(self._prepare_owned_values())
        self.sudo()._message_set_main_attachment_id(documents.attachment_id)

    def _prepare_owned_values(self):
        """Return where a document of this request lies."""
        return {
            "request_id": self.id,
            "entry_id": self.entry_id.id,
            "res_model": self._name,
            "res_id": self.id,
            "department_id": self.department_id.id,
            "confidential": self.confidential,
        }

    def _find_line(self, code):
        """Return the line that waits for a document of this slot, if any."""
        lines = self.line_ids.filtered(lambda line: line.slot_id.code == code)
        missing = lines.filtered(lambda line: line.state == "missing")[:1]
        # A document that comes after a refused one answers the refusal.
        return missing or lines.filtered(lambda line: line.state == "rejected")[:1]

    def _add_own_lines(self, documents):
        """Create a line for each document that nothing on the checklist waits for.

        :param documents: pairs of a ``pcu.document`` and the code of its slot
        """
        slots = {slot.code: slot for slot in reversed(self.procedure_id.slot_ids)}
        none = self.env["pcu.procedure.slot"]
        return self.env["pcu.request.document"].create(
            [
                {
                    "request_id": self.id,
                    "slot_id": slots.get(code, none).id,
                    "name": slots.get(code, none).name or document.name,
                    "sequence": 100,
                }
                for document, code in documents
            ]
        )

    def _add_document_from_upload(self, line, name, content):
        """Make a document of a file that a clerk laid on a checklist line."""
        self.ensure_one()
        document = self.env["pcu.document"]._create_from_bytes(
            [
                {
                    "name": name,
                    "content": base64.b64decode(content),
                    "kind": "received",
                    "company_id": self.company_id.id,
                    "slot": line.slot_id.code,
                }
            ]
        )
        self._own_documents(document)
        line._place(document)
