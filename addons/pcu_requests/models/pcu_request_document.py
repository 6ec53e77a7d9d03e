"""The checklist of a request: each document asked for, there or missing."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import UserError, ValidationError

MISSING = "missing"
PRESENT = "present"
REJECTED = "rejected"


class PcuRequestDocument(models.Model):
    """A line of the checklist.

    *Missing* until a document stands on it, then *present*; *rejected* when the
    document can't be used, with the reason. The department's people reject and accept.
    """

    _name = "pcu.request.document"
    _description = "Checklist line"
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        comodel_name="pcu.request", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    slot_id = fields.Many2one(
        comodel_name="pcu.procedure.slot", index="btree_not_null", ondelete="set null"
    )
    name = fields.Char(required=True)
    mandatory = fields.Boolean()
    description = fields.Text(related="slot_id.description")
    is_editable = fields.Boolean(compute="_compute_is_editable")
    document_id = fields.Many2one(
        comodel_name="pcu.document", index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        selection=[
            (MISSING, "Missing"),
            (PRESENT, "Present"),
            (REJECTED, "Rejected"),
        ],
        required=True,
        default=MISSING,
    )
    reason = fields.Char()
    note = fields.Char(
        string="Remark",
        compute="_compute_note",
        help="Why the document was rejected, or what is odd about the file itself.",
    )
    is_blocking = fields.Boolean(compute="_compute_is_blocking")
    asked_until = fields.Date(
        compute="_compute_asked_until",
        help="Until when the applicant was asked to bring it.",
    )

    # A scan laid down by the clerk becomes a document of the request
    upload = fields.Binary(
        compute="_compute_upload", inverse="_inverse_upload", string="Add a file"
    )
    upload_name = fields.Char(compute="_compute_upload", inverse="_inverse_upload")

    _document_when_present = models.Constraint(
        "CHECK(state = 'missing' OR document_id IS NOT NULL)",
        "Only a line with a document can be present or rejected.",
    )

    @api.depends("document_id", "reason")
    @api.depends_context("lang")
    def _compute_note(self):
        """Show the reason of a rejection, else the file's own warning."""
        for line in self:
            line.note = line.reason or line.document_id.type_note

    @api.depends("request_id.is_open", "request_id.can_classify")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        """The checklist changes while the request is open, by those who work on it."""
        for line in self:
            request = line.request_id
            line.is_editable = request.is_open and request.can_classify

    @api.depends("mandatory", "state")
    def _compute_is_blocking(self):
        """A mandatory document that is not there keeps the file incomplete."""
        for line in self:
            line.is_blocking = line.mandatory and line.state != PRESENT

    @api.depends(
        "state",
        "slot_id",
        "request_id.clarification_ids.state",
        "request_id.clarification_ids.due_date",
        "request_id.clarification_ids.slot_ids",
    )
    def _compute_asked_until(self):
        """Show on the checklist what has been asked for and has not come."""
        for line in self:
            asked = line.request_id.clarification_ids.filtered(
                lambda c, slot=line.slot_id: c.state == "asked" and slot in c.slot_ids
            )
            line.asked_until = line.state != PRESENT and asked[:1].due_date

    def _compute_upload(self):
        """An upload leaves at once as a document, so nothing is ever shown here."""
        self.upload = False
        self.upload_name = False

    def _inverse_upload(self):
        """Make a document of the bytes laid on the line."""
        for line in self.filtered("upload"):
            name = line.upload_name or line.name
            line.request_id._add_document_from_upload(line, name, line.upload)

    @api.constrains("state", "reason")
    def _check_reason(self):
        """A citizen who is asked again must learn why the document was not enough."""
        for line in self:
            if line.state == REJECTED and not (line.reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Write why “%(name)s” is rejected; the applicant will read it.",
                        name=line.name,
                    )
                )

    def action_accept(self):
        """Take a rejected document after all."""
        self.filtered("document_id").write({"state": PRESENT, "reason": False})

    def action_add_file(self):
        """Open the line to lay a file on it."""
        return self._open_dialog(
            self.env._("Add a file"), "pcu_request_document_view_form"
        )

    def action_reject(self):
        """Open the line to write why its document can't be used."""
        return self._open_dialog(
            self.env._("Reject the document"), "pcu_request_document_view_form_reject"
        )

    def action_confirm_reject(self):
        """Reject with the reason that the dialog has just saved."""
        self.state = REJECTED
        return {"type": "ir.actions.act_window_close"}

    def _open_dialog(self, title, view):
        """Open one line in a dialog over the request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(f"pcu_requests.{view}").id, "form")],
            "target": "new",
        }

    def action_preview(self):
        """Show this line's document beside the form."""
        self.ensure_one()
        if not self.document_id:
            raise UserError(
                self.env._("“%(name)s” has not been received yet.", name=self.name)
            )
        return {
            "type": "ir.actions.client",
            "tag": "pcu_show_document",
            "params": {"document_id": self.document_id.id},
        }

    def _place(self, document):
        """Put a document on the line; unusable bytes are rejected at once.

        An empty file or an executable under another name is kept (nothing received is
        lost), but it does not complete the file.
        """
        self.ensure_one()
        reason = False
        speaking = in_romanian(self)  # the applicant reads the reason
        if not document.size:
            reason = speaking.env._("The file is empty.")
        elif document.suspicious:
            reason = speaking.env._("The file is a program, not a document.")
        self.write(
            {
                "document_id": document.id,
                "state": REJECTED if reason else PRESENT,
                "reason": reason,
            }
        )
