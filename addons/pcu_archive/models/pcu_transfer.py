"""Transfer packages: files leave for another archive, with proof of each byte."""

import logging
import re
import uuid
from itertools import count

import psycopg2
from odoo import api, fields, models, release
from odoo.addons.pcu_base import file_store
from odoo.addons.pcu_base.romania import in_romanian
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.exceptions import UserError
from odoo.tools import file_open

from .. import eark, eark_check
from .pcu_file import ARCHIVED, TRANSFERRED

_logger = logging.getLogger(__name__)

DRAFT, BUILDING, READY = "draft", "building", "ready"
FAILED, HANDED_OVER = "failed", "handed_over"
STATES = [
    (DRAFT, "Draft"),
    (BUILDING, "Being built"),
    (READY, "Ready, checked"),
    (FAILED, "Not built"),
    (HANDED_OVER, "Handed over"),
]
SCHEMAS = ("mets.xsd", "xlink.xsd", "legea135.xsd")
_UNSAFE = re.compile(r"[^\w.() -]+")


class PcuTransfer(models.Model):
    """A package (E-ARK SIP) with the documents of chosen files of the archive.

    The archivist chooses the files; the package is built and checked in the background.
    When the other archive has confirmed it, the files count as handed over.
    """

    _name = "pcu.transfer"
    _description = "Transfer package"
    _inherit = ["pcu.archive.guarded"]
    _order = "id desc"
    _protected_fields = frozenset(
        {"state", "package_id", "problem", "identifier", "built_count"}
    )

    name = fields.Char(string="Title", required=True)
    state = fields.Selection(STATES, default=DRAFT, required=True, readonly=True)
    file_ids = fields.Many2many(
        comodel_name="pcu.file",
        relation="pcu_transfer_file_rel",
        column1="transfer_id",
        column2="file_id",
        string="Files",
        check_company=True,
        domain="[('state', '=', 'archived'), ('company_id', '=', company_id)]",
    )
    rights = fields.Char(
        string="Access", help="Who may read the documents, and from when on."
    )
    identifier = fields.Char(readonly=True, copy=False)
    built_count = fields.Integer(string="Documents in it", readonly=True, copy=False)
    problem = fields.Text(readonly=True, copy=False)
    package_id = fields.Many2one(
        comodel_name="pcu.document", readonly=True, copy=False, ondelete="restrict"
    )
    package_size = fields.Char(related="package_id.size_text", string="Size")
    package_sha256 = fields.Char(
        related="package_id.sha256", string="SHA-256 of the package"
    )
    receipt_number = fields.Char(
        copy=False, help="Number of the minutes by which the other archive took over."
    )
    receipt_date = fields.Date(copy=False)

    # ------------------------------------------------------------------ CRUD

    def _explain_guard(self):
        return self.env._("A transfer moves on by its actions only: build, hand over.")

    def _check_change(self, vals):
        receipt_only = not vals.keys() - {"receipt_number", "receipt_date"}
        for transfer in self:
            changeable = transfer.state in (DRAFT, FAILED)
            if not (changeable or (receipt_only and transfer.state != HANDED_OVER)):
                raise UserError(
                    self.env._(
                        "The package holds what it was built from. Make another "
                        "transfer for other files."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_built(self):
        if any(transfer.state not in (DRAFT, FAILED) for transfer in self):
            raise UserError(self.env._("A transfer whose package was built stays."))

    # ------------------------------------------------------------------ actions

    def action_build(self):
        """Ask for the package; it is built and checked in the background."""
        self.check_access("write")
        for transfer in self:
            if transfer.state not in (DRAFT, FAILED):
                raise UserError(
                    self.env._("This package is being built or is built already.")
                )
            transfer._check_files()
        self._as_program().write({"state": BUILDING, "problem": False})
        self.env["pcu.journal"]._log(self, "transfer_asked")
        self.env.ref("pcu_archive.ir_cron_transfer")._trigger()
        return True

    def action_download(self):
        """Download the package; the journal keeps who took it."""
        self.ensure_one()
        self.check_access("read")
        action = self.package_id.action_download()
        self.env["pcu.journal"]._log(self, "transfer_downloaded")
        return action

    def action_hand_over(self):
        """Record that the other archive took the package over."""
        self.check_access("write")
        for transfer in self:
            if transfer.state != READY:
                raise UserError(
                    self.env._("Only a package that was built and checked goes out.")
                )
            if not (transfer.receipt_number and transfer.receipt_date):
                raise UserError(
                    self.env._(
                        "Fill in number and date of the minutes by which the other "
                        "archive took the package over."
                    )
                )
            transfer._check_files()
            transfer.file_ids._as_program().write({"state": TRANSFERRED})
            self.env["pcu.archive.movement"]._add(
                "transferred",
                transfer.file_ids,
                transfer.receipt_date,
                transfer.receipt_number,
            )
        self._as_program().write({"state": HANDED_OVER})
        self.env["pcu.journal"]._log(self, "transfer_handed_over")
        return True

    # ------------------------------------------------------------------ building

    def _check_files(self):
        self.ensure_one()
        if not self.file_ids:
            raise UserError(self.env._("Choose the files that go into the package."))
        wrong = self.file_ids.filtered(lambda f: f.state != ARCHIVED)
        if wrong:
            raise UserError(
                self.env._(
                    "%(file)s does not lie in the archive, so it can't be handed on.",
                    file=wrong[0].display_name,
                )
            )

    @api.model
    def _cron_build(self):
        """Build the packages that were asked for, each in a transaction of its own."""
        waiting = self.search([("state", "=", BUILDING)], order="id")
        in_turn(self.env, waiting, lambda transfer: transfer._build_or_tell())

    def _build_or_tell(self):
        """Build; of a fault of the program it says so, and may be asked for again."""
        try:
            self._build()
        except psycopg2.OperationalError:
            raise  # somebody was quicker, or the database is away: the next run builds
        except Exception:
            _logger.exception("Transfer %s could not be built", self.id)
            self.env.cr.rollback()
            self._fail(
                in_romanian(self).env._(
                    "The program made a mistake while building the package; the "
                    "administrator finds it in the log. Build it again afterwards."
                )
            )

    def _build(self):
        """Build and check one package; what goes wrong stays on it in words."""
        self.ensure_one()
        documents = self.env["pcu.document"]
        path = documents._new_partial()
        identifier = f"pcu-{uuid.uuid4()}"
        try:
            with open(path, "w+b") as stream:
                built = eark.write(stream, self._prepare_package(identifier))
                problems = eark_check.check(stream)
        except (eark.DamagedError, OSError) as exc:
            _logger.warning("Transfer %s: %s", self.id, exc)
            problems = [
                in_romanian(self).env._(
                    "“%(name)s” in the store is not what its fingerprint says, or "
                    "can't be read. Have it restored from the backup and build again.",
                    name=exc,
                )
            ]
        if problems:
            file_store.discard(path)
            self._fail("\n".join(problems[:20]))
            return
        package = documents._create_from_file(
            path,
            {
                "name": f"{identifier}.zip",
                "kind": "issued",
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
                "declared_type": "application/zip",
            },
        )
        self._as_program().write(
            {
                "state": READY,
                "identifier": identifier,
                "package_id": package.id,
                "built_count": built,
            }
        )
        self.env["pcu.journal"]._log(
            self, "transfer_built", documents=built, sha256=package.sha256
        )

    def _fail(self, problem):
        self._as_program().write({"state": FAILED, "problem": problem})
        self.env["pcu.journal"]._log(self, "transfer_failed")

    def _prepare_package(self, identifier):
        files = self.file_ids.sorted(lambda f: (f.year, f.sort_key or "", f.volume))
        name, inventory = self._draw_inventory(files)
        days = [d for f in files for d in (f.first_date, f.last_date) if d]
        return eark.Package(
            identifier=identifier,
            title=self.name,
            institution=self.company_id.name,
            institution_code=self.company_id.pcu_cui or "",
            version=release.version,
            created=fields.Datetime.now(),
            period=f"{min(days)}/{max(days)}" if days else "",
            rights=self.rights or "",
            items=self._iter_items(files),
            documentation=(eark.Extra(name, inventory, "application/pdf"),),
            schemas=tuple(
                eark.Extra(schema, self._read_schema(schema), "text/xml")
                for schema in SCHEMAS
            ),
        )

    def _draw_inventory(self, files):
        forms = in_romanian(files.inventory_id)._prepare_forms()
        return "inventar.pdf", self.env["pcu.archive.print"]._draw(*forms)

    @api.model
    def _read_schema(self, name):
        with file_open(f"pcu_archive/data/schemas/{name}", "rb") as file:
            return file.read()

    def _iter_items(self, files):
        """Give the documents of the files one by one, with little memory."""
        documents = self.env["pcu.document"].search(
            [("entry_id.file_id", "in", files.ids), ("kind", "!=", "copy")],
            order="id",
        )
        sheets = self.env["pcu.archive.sheet"].search(
            [("document_id", "in", documents.ids)]
        )
        by_document = {sheet.document_id.id: sheet for sheet in sheets}
        for document, number in zip(documents, count(1)):
            yield self._prepare_item(document, number, by_document.get(document.id))

    def _prepare_item(self, document, number, sheet):
        file = document.entry_id.file_id
        folder = "/".join(
            (
                file.code.replace("/", "-"),
                str(file.year),
                f"vol-{file.volume}",
                f"{document.entry_id.year}-{document.entry_id.number}",
            )
        )
        name = _UNSAFE.sub("_", document.attachment_id.name).strip(" .")[-100:]
        return eark.Item(
            path=f"{folder}/{number:06d}-{name or 'document'}",
            identifier=f"{document.entry_id.reference} · {document.id}",
            sha256=document.sha256,
            size=document.size,
            mimetype=document.true_type or "application/octet-stream",
            created=document.received_at,
            original_name=document.name,
            chunks=document._iter_chunks,
            sheet=tuple(
                (letter, value or "–")
                for letter, _label, value in (sheet._get_law_fields() if sheet else ())
            ),
        )
