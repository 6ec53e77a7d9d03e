"""Bringing in a submission by hand while the platform's API is down."""

import base64
import hashlib
import io
import tempfile
from dataclasses import replace
from pathlib import Path

from odoo import api, fields, models
from odoo.addons.pcu_base import virus_scanner
from odoo.exceptions import UserError

from .. import manual_package
from ..adapters.payloads import Submission
from ..models.pcu_exchange_item import PROVISIONAL
from ..models.pcu_exchange_item_manual import TYPED, ZIP


class PcuExchangeManual(models.TransientModel):
    """A package from the platform, or a PISEG number with files, for the inbox.

    What comes in this way takes the ordinary way to the register; when the platform
    delivers the same submission later, it falls on the same entry.
    """

    _name = "pcu.exchange.manual"
    _description = "Bring in by hand"

    platform_id = fields.Many2one(
        comodel_name="pcu.platform",
        required=True,
        default=lambda self: self.env["pcu.platform"].search([], limit=1),
    )
    mode = fields.Selection(
        selection=[(ZIP, "A package (ZIP)"), (TYPED, "A PISEG number and files")],
        string="What you have",
        required=True,
        default=ZIP,
    )
    package = fields.Binary()
    package_name = fields.Char()
    number = fields.Char(string="PISEG number")
    applicant_name = fields.Char(string="Applicant")
    applicant_kind = fields.Selection(
        selection=[("natural", "Person"), ("legal", "Organisation")],
        default="natural",
    )
    email = fields.Char(string="E-mail")
    submitted_at = fields.Datetime(string="Filed on the platform")
    procedure_id = fields.Many2one(comodel_name="pcu.procedure")
    observations = fields.Text(string="What is asked")
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Files")

    def action_take(self):
        """Put it into the inbox and take it to the register; open the row."""
        self.ensure_one()
        self.platform_id._check_operate()
        self.attachment_ids._pcu_check_uploads(self)
        folder = Path(self.env["pcu.document"]._get_filestore_tmp())
        with tempfile.TemporaryDirectory(dir=folder, prefix="pcu-manual-") as place:
            read = self._read_package if self.mode == ZIP else self._read_typed
            submission, files = read(Path(place))
            files = self._scan(files)
            items = self.env["pcu.exchange.item"]
            item_id = items._transact(
                "_take_by_hand",
                self.platform_id.id,
                self.mode,
                submission,
                files,
                self.env.uid,
            )
        self._forget_copies()
        items.browse(item_id).advance()
        self.env.invalidate_all()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.exchange.item",
            "view_mode": "form",
            "res_id": item_id,
        }

    def _scan(self, files):
        """Have each file looked at as if it had been downloaded.

        An infected one goes on, marked: name and threat belong to the submission.
        """
        # sudo: where the scanner listens is the system administrator's to know
        scanner = self.platform_id.company_id.sudo().pcu_virus_scanner
        if not scanner:
            return files
        seen = []
        for file in files:
            try:
                told = {"scan": virus_scanner.scan(scanner, file.path)}
            except virus_scanner.InfectedError as threat:
                told = {"threat": str(threat)}
            except virus_scanner.ScannerDownError as error:
                raise UserError(
                    self.env._(
                        "The virus scanner does not answer, so nothing was stored. Ask "
                        "the administrator to start it, and try again."
                    )
                ) from error
            seen.append(replace(file, **told))
        return tuple(seen)

    def _forget_copies(self):
        """Leave no second copy of the bytes: one of them may be infected."""
        # sudo: they are this dialog's own, whoever else may see attachments
        self.sudo().attachment_ids.unlink()
        self.package = False

    def _read_package(self, place):
        """Read the ZIP, or say in words why not."""
        if not self.package:
            raise UserError(self.env._("Choose the package first."))
        try:
            package = manual_package.read(
                io.BytesIO(base64.b64decode(self.package)), place
            )
        except manual_package.PackageError as error:
            raise self._refusal(error) from error
        institution = package.submission.raw.get("institution")
        code = institution.get("code") if isinstance(institution, dict) else institution
        if code and code != self.platform_id.institution:
            raise UserError(
                self.env._(
                    "The package is for another institution (%(code)s). Nothing was "
                    "stored.",
                    code=code,
                )
            )
        return package.submission, package.files

    def _refusal(self, error):
        """Put into words why something can't be taken."""
        return UserError(
            self._get_package_texts()[error.code] % {"detail": error.detail}
        )

    @api.model
    def _get_package_texts(self):
        """Say why a package can't be taken, and what to do."""
        _ = self.env._
        return {
            "damaged": _(
                "The package is not a ZIP file or is damaged. Nothing was stored; "
                "download it again."
            ),
            "too_many": _(
                "The package holds too many files (more than %(detail)s). Nothing was "
                "stored."
            ),
            "encrypted": _(
                "“%(detail)s” is protected by a password. Nothing was stored; bring "
                "the package without a password."
            ),
            "unsafe_name": _(
                "“%(detail)s” points out of the package. Nothing was stored; don't use "
                "this package and tell the administrator."
            ),
            "twice": _("“%(detail)s” is in the package twice. Nothing was stored."),
            "no_description": _(
                "The package has no submission.json, so nobody knows whose it is. "
                "Nothing was stored; type in the PISEG number instead."
            ),
            "long_description": _(
                "The submission.json in the package is too long. Nothing was stored."
            ),
            "bad_description": _(
                "The submission.json in the package can't be read. Nothing was stored; "
                "type in the PISEG number instead."
            ),
            "no_id": _(
                "The submission.json in the package does not say which submission it "
                "is. Nothing was stored; type in the PISEG number instead."
            ),
            "too_large": _(
                "The package is too large: it ended at “%(detail)s”. Nothing was "
                "stored."
            ),
            "bomb": _(
                "“%(detail)s” unpacks to far more than it should. Nothing was stored; "
                "don't use this package and tell the administrator."
            ),
            "nested": _(
                "“%(detail)s” is an archive. Nothing was stored; unpack it and bring "
                "its files themselves."
            ),
        }

    def _read_typed(self, place):
        """Make a submission of what the clerk typed and dropped."""
        number = (self.number or "").strip()
        if not number.isdecimal() or not (self.applicant_name or "").strip():
            raise UserError(
                self.env._(
                    "Write the PISEG number, in digits only, and the applicant's name."
                )
            )
        moment = self.submitted_at
        procedure = self.procedure_id
        submission = Submission.parse(
            {
                "id": f"{PROVISIONAL}{number}",
                "number": number,
                "state": "submitted",
                "procedure": {"code": procedure.code, "title": procedure.name},
                "submitted_at": moment and f"{moment.isoformat()}+00:00",
                "applicant": {
                    "kind": self.applicant_kind,
                    "name": self.applicant_name.strip(),
                    "email": self.email or None,
                },
                "observations": self.observations or "",
            }
        )
        return submission, self._get_dropped_files(place)

    def _get_dropped_files(self, place):
        """Copy the dropped files to paths that may move into the filestore."""
        self.attachment_ids.check_access("read")
        files = []
        for number, attachment in enumerate(self.attachment_ids):
            path, content = place / str(number), attachment.raw or b""
            path.write_bytes(content)
            try:
                manual_package.check_dropped(attachment.name, path)
            except manual_package.PackageError as error:
                raise self._refusal(error) from error
            digest = hashlib.sha256(content).hexdigest()
            files.append(
                manual_package.PackedFile(attachment.name, path, len(content), digest)
            )
        return tuple(files)
