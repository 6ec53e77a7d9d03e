"""Carrying out a destruction, and the certificate that stays of it."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day, local_time
from odoo.addons.pcu_base.scheduled import in_turn
from odoo.addons.pcu_registry.paper_lists import Column

from .pcu_file import DESTROYED
from .pcu_selection import DESTROYING, DONE


class PcuSelection(models.Model):
    _inherit = "pcu.selection"  # pylint: disable=consider-merging-classes-inherited

    def _destroy(self):
        """Let the bytes of all documents in the files go, in this transaction."""
        self.ensure_one()
        files = self.file_ids
        self._as_program().write(
            {
                "state": DESTROYING,
                "executed_by_id": self.env.uid,
                "executed_at": fields.Datetime.now(),
            }
        )
        # The database looks at the facts above before it lets a byte go.
        self.flush_recordset()
        documents = self._get_documents()
        documents._destroy_bytes()
        files._as_program().write({"state": DESTROYED})
        self._as_program().document_count = len(documents)
        self.env["pcu.archive.movement"]._add(
            "destroyed", files, local_day(self.executed_at), self.display_name
        )

    def _get_documents(self):
        """Return every document in the files: originals, issued ones and copies."""
        return self.env["pcu.document"].search(
            [("entry_id.file_id.selection_id", "=", self.id)], order="id"
        )

    @api.model
    def _cron_finish(self):
        """Sweep the filestore, see that the bytes are gone, write certificates."""
        waiting = self.search([("state", "=", DESTROYING)])
        if not waiting:
            return
        # Commits and locks by itself; another run goes on where this one was stopped.
        if self.env["ir.attachment"]._gc_file_store() is False:
            self.env.ref("pcu_archive.ir_cron_destruction")._trigger()
            return
        in_turn(self.env, waiting, lambda selection: selection._finish())

    def _finish(self):
        """Certify what was destroyed once none of its bytes are left."""
        self.ensure_one()
        documents = self._get_documents()
        left, shared = documents._find_remaining_bytes()
        if left:
            self.env["pcu.journal"]._log(left, "destruction_incomplete")
            return
        record = in_romanian(self)
        content = record._draw(*record._prepare_certificate(documents, shared))
        certificate = self.env["pcu.document"]._create_from_bytes(
            [
                {
                    "name": self.env._("Certificate of destruction %(number)s.pdf",
                                       number=self.name),
                    "kind": "issued",
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": self.company_id.id,
                    "declared_type": "application/pdf",
                    "content": content,
                }
            ]
        )  # fmt: skip
        self._as_program().write(
            {
                "state": DONE,
                "certificate_id": certificate.id,
                "kept_count": len(shared),
            }
        )
        self.env["pcu.journal"]._log(
            self,
            "destruction_certified",
            documents=len(documents),
            sha256=certificate.sha256,
        )

    # ------------------------------------------------------------------ printing

    def _prepare_forms(self):
        """Give the minutes of the selection with the list of its files."""
        commission = self.commission_id
        return [
            self._form(
                self.env._("MINUTES OF SELECTION"),
                subtitle=self.env._(
                    "No. %(number)s of %(day)s",
                    number=self.name,
                    day=self._day(self.date),
                ),
                annex=self.env._("Annex 5"),
                about=tuple(
                    filter(
                        None,
                        (
                            self._describe_meeting(),
                            self.note,
                        ),
                    )
                ),
                columns=self._get_file_columns(),
                rows=self._get_file_rows(),
                signatures=(
                    (self.env._("President"), commission.president_id.name),
                    *(
                        (self.env._("Member"), member.name)
                        for member in commission.member_ids
                    ),
                    (self.env._("Secretary"), commission.secretary_id.name),
                ),
            )
        ]

    def _describe_meeting(self):
        return self.env._(
            "The selection commission named by %(decision)s met today, looked at the "
            "documents below, whose term of keeping is over, and found that they have "
            "no practical or scientific value any more. It proposes their destruction "
            "once the National Archives confirm these minutes.",
            decision=self.commission_id.display_name,
        )

    def _get_file_columns(self):
        return (
            Column(self.env._("No."), 0.6, number=True),
            Column(self.env._("Code by the file plan"), 1.7),
            Column(self.env._("Content in brief"), 4),
            Column(self.env._("Extreme dates"), 1.8),
            Column(self.env._("Retention term"), 1.5),
            Column(self.env._("Sheets"), 1.1, number=True),
        )

    def _get_file_rows(self):
        return tuple(
            (
                str(number),
                file.code,
                f"{file.name}, {file.year}, vol. {file.volume}",
                self._extremes(file),
                file.retention_label,
                str(file.sheet_count),
            )
            for number, file in enumerate(self.file_ids, 1)
        )

    def _prepare_certificate(self, documents, shared):
        """Give the certificate: who, when, which files, and the fingerprints."""
        moment = "%d.%m.%Y %H:%M"
        facts = (
            (self.env._("Minutes of selection"), self.display_name),
            (
                self.env._("Confirmation by the National Archives"),
                self.env._(
                    "No. %(number)s of %(day)s",
                    number=self.confirmation_number,
                    day=self._day(self.confirmation_date),
                ),
            ),
            (
                self.env._("Approved by"),
                f"{self.approved_by_id.name}, {local_time(self.approved_at):{moment}}",
            ),
            (
                self.env._("Destroyed by"),
                f"{self.executed_by_id.name}, {local_time(self.executed_at):{moment}}",
            ),
            (
                self.env._("Checked and certified"),
                f"{local_time(fields.Datetime.now()):{moment}}",
            ),
            (self.env._("Files"), str(len(self.file_ids))),
            (self.env._("Electronic documents"), str(len(documents))),
        )
        signatures = (
            (self.env._("Approved by"), self.approved_by_id.name),
            (self.env._("Destroyed by"), self.executed_by_id.name),
            (self.env._("Archivist"), ""),
        )
        files = self._form(
            self.env._("CERTIFICATE OF DESTRUCTION"),
            facts=facts,
            about=(self.env._("The files below were destroyed."),),
            columns=self._get_file_columns(),
            rows=self._get_file_rows(),
            signatures=() if documents else signatures,
        )
        if not documents:
            return [files]
        return [files, self._list_destroyed(documents, shared, signatures)]

    def _list_destroyed(self, documents, shared, signatures):
        return self._form(
            self.env._("Electronic documents in these files"),
            goes_on=True,
            about=(
                self.env._(
                    "Of each electronic document the entry in the register and the "
                    "fingerprint below are kept; its bytes were removed from the "
                    "store, which was checked afterwards. Where it says so, the same "
                    "bytes also belong to a document that is kept."
                ),
            ),
            columns=(
                Column(self.env._("No."), 0.5, number=True),
                Column(self.env._("Entry"), 1.5),
                Column(self.env._("File"), 1.5),
                Column(self.env._("Bytes"), 1, number=True),
                Column(self.env._("SHA-256"), 4),
                Column(self.env._("Remarks"), 1.2),
            ),
            rows=tuple(
                (
                    str(number),
                    document.entry_id.reference,
                    f"{document.entry_id.file_id.code}/{document.entry_id.file_id.year}",
                    str(document.size),
                    document.sha256,
                    self.env._("same bytes kept") if document in shared else "",
                )
                for number, document in enumerate(documents, 1)
            ),
            signatures=signatures,
        )
