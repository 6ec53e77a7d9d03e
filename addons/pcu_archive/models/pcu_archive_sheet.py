"""The sheet of an archived electronic document (Law 135/2007)."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.exceptions import UserError

# What only the archivist knows; all else is taken from the document and its entry.
FREE_FIELDS = {"keywords", "original_location"}


class PcuArchiveSheet(models.Model):
    """The thirteen fields a–m of one electronic document in the archive.

    Made when the document's file is handed over, from what the register knows then;
    printed for the signatures of the holder of the right of disposal and of the
    administrator of the electronic archive, and put into each transfer package.
    """

    _name = "pcu.archive.sheet"
    _description = "Sheet of an archived document"
    _inherit = ["pcu.archive.print"]
    _order = "id desc"
    _rec_name = "identifier"
    _rec_names_search = ["identifier", "keywords"]

    document_id = fields.Many2one(
        comodel_name="pcu.document", required=True, readonly=True, ondelete="restrict"
    )
    file_id = fields.Many2one(
        comodel_name="pcu.file", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", required=True, readonly=True,
        index=True,
    )  # fmt: skip
    is_original = fields.Boolean(
        string="Original",
        readonly=True,
        help="The administrator of the archive attests whether it is the original or "
        "a copy.",
    )

    # The fields of the law, in its order
    owner = fields.Char(readonly=True)
    issuer = fields.Char(readonly=True)
    disposal_holder = fields.Char(
        string="Holder of the right of disposal", readonly=True
    )
    history = fields.Text(readonly=True)
    document_type = fields.Char(readonly=True)
    level = fields.Char(string="Classification level", readonly=True)
    digital_format = fields.Char(readonly=True)
    keywords = fields.Char()
    original_location = fields.Char(
        string="Location of the paper original",
        help="Room, shelf and box of the paper, if there is one.",
    )
    identifier = fields.Char(string="Unique identifier", readonly=True)
    issue_date = fields.Date(readonly=True)
    archive_date = fields.Date(readonly=True)
    retention_term = fields.Char(readonly=True)

    _document_uniq = models.UniqueIndex(
        "(document_id)", "The document already has its sheet."
    )

    def write(self, vals):
        if vals.keys() - FREE_FIELDS:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sheet(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "The sheet says what was so when the document came into the archive; "
                "only the keywords and the place of the paper can be filled in."
            )
        )

    # ------------------------------------------------------------------ making

    @api.model
    def _make(self, files, day):
        """Make the sheets of all documents in files that come into the archive."""
        # sudo: the sheet follows from the hand-over, whose right was checked
        self_sudo = in_romanian(self.sudo())
        documents = self_sudo.env["pcu.document"].search(
            [("entry_id.file_id", "in", files.ids), ("kind", "!=", "copy")], order="id"
        )
        labels = {
            name: dict(model._fields[name]._description_selection(self_sudo.env))
            for model, name in (
                (self_sudo.env["pcu.register.entry"], "confidentiality"),
                (self_sudo.env["pcu.register.entry"], "direction"),
                (self_sudo.env["pcu.document"], "kind"),
            )
        }
        return self_sudo.create(
            [self_sudo._prepare_values(document, day, labels) for document in documents]
        )

    def _prepare_values(self, document, day, labels):
        entry, file = document.entry_id, document.entry_id.file_id
        institution = entry.company_id.name
        issued = document.kind == "issued"
        return {
            "document_id": document.id,
            "file_id": file.id,
            "company_id": entry.company_id.id,
            "is_original": document.kind != "copy",
            "owner": institution,
            "issuer": institution if issued else entry.sender_id.name or "–",
            "disposal_holder": institution,
            "history": self._tell_history(entry, file, day),
            "document_type": f"{labels['direction'][entry.direction]}, "
            f"{labels['kind'][document.kind].lower()}",
            "level": labels["confidentiality"][entry.confidentiality],
            "digital_format": document.type_label or document.true_type or "–",
            "keywords": ", ".join(filter(None, (file.name, entry.department_id.name))),
            "original_location": file.location,
            "identifier": f"{entry.reference} · {document.id} · "
            f"SHA-256 {document.sha256}",
            "issue_date": (
                entry.registration_date
                if issued
                else entry.external_date or entry.registration_date
            ),
            "archive_date": day,
            "retention_term": file.retention_label,
        }

    def _tell_history(self, entry, file, day):
        """Tell the way of the document in a few lines, without its content."""
        lines = [
            self.env._(
                "%(day)s registered under %(number)s",
                day=self._day(entry.registration_date),
                number=entry.reference,
            )
        ]
        lines += [
            self.env._(
                "%(day)s routed to %(department)s",
                day=self._day(leg.sent_at),
                department=leg.department_id.name,
            )
            for leg in entry.routing_ids.sorted("id")
        ]
        lines.append(
            self.env._(
                "solved and filed under %(file)s", file=f"{file.code}/{file.year}"
            )
        )
        lines.append(self.env._("%(day)s archived", day=self._day(day)))
        return "\n".join(lines)

    # ------------------------------------------------------------------ printing

    def _get_law_fields(self):
        """Return ``(letter, label, value)`` of the fields, in the order of the law."""
        self.ensure_one()
        return (
            ("a", self.env._("Owner"), self.owner),
            ("b", self.env._("Issuer"), self.issuer),
            ("c", self.env._("Holder of the right of disposal"), self.disposal_holder),
            ("d", self.env._("History"), self.history),
            ("e", self.env._("Document type"), self.document_type),
            ("f", self.env._("Classification level"), self.level),
            ("g", self.env._("Digital format"), self.digital_format),
            ("h", self.env._("Keywords"), self.keywords),
            ("i", self.env._("Location of the paper original"), self.original_location),
            ("j", self.env._("Unique identifier"), self.identifier),
            ("k", self.env._("Issue date"), self._day(self.issue_date)),
            ("l", self.env._("Archive date"), self._day(self.archive_date)),
            ("m", self.env._("Retention term"), self.retention_term),
        )

    def _prepare_forms(self):
        """Give the sheet with its two signatures."""
        return [
            self._form(
                self.env._("SHEET OF THE ELECTRONIC DOCUMENT"),
                subtitle=self.env._("Law 135/2007"),
                facts=tuple(
                    (f"{letter}) {label}", value or "–")
                    for letter, label, value in self._get_law_fields()
                ),
                closing=(
                    self.env._("The archived document is an original.")
                    if self.is_original
                    else self.env._("The archived document is a copy."),
                ),
                signatures=(
                    (self.env._("Holder of the right of disposal"), ""),
                    (self.env._("Administrator of the electronic archive"), ""),
                ),
            )
        ]

    def _get_print_name(self):
        return self.env._("Sheet %(number)s", number=self.document_id.id)
