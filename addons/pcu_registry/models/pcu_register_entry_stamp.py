"""Stamped copies of PDF documents; the drawing is ``stamping.py``."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_path

from .. import stamping

_FONTS = "web/static/fonts/google/Open_Sans/Open_Sans-%s.ttf"
PDF = "application/pdf"


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    def action_stamp(self):
        """Make the stamped copies from a button and tell how many."""
        copies = self._stamp_pdf()
        covers = copies.filtered("is_cover")
        told = []
        if len(copies) > len(covers):
            told.append(
                self.env._(
                    "Stamped copies made: %(count)s. The originals are unchanged.",
                    count=len(copies - covers),
                )
            )
        if covers:
            told.append(
                self.env._(
                    "Cover sheets made: %(count)s, for documents that are signed or "
                    "very long; those are left as they are.",
                    count=len(covers),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": " ".join(told),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _stamp_pdf(self, documents=None):
        """Make stamped copies of PDF documents; the originals stay as they are.

        Without a choice every PDF of the entry that has no copy yet is stamped.

        :return: the new copies, ``pcu.document`` of kind ``copy``
        """
        self.check_access("write")
        copies = self.env["pcu.document"]
        for entry in self:
            if not entry.number:
                raise UserError(
                    self.env._(
                        "Register the document first; the stamp shows its number."
                    )
                )
            chosen = documents if documents is not None else entry._get_unstamped()
            if not chosen:
                raise UserError(
                    self.env._(
                        "There is no PDF document without a stamped copy here. Other "
                        "file types can't be stamped."
                    )
                )
            for document in chosen:
                copies |= entry._stamp_document(document)
        return copies

    def _get_unstamped(self):
        self.ensure_one()
        return self.document_ids.filtered(
            lambda document: (
                document.true_type == PDF
                and document.kind != "copy"
                and not document.copy_ids
            )
        )

    def _stamp_document(self, document):
        self.ensure_one()
        stamp, fonts = self._prepare_stamp(), self._get_fonts()
        covers = self._prepare_covers(document)
        try:
            if document.size > stamping.MAX_BYTES:
                stamped = stamping.cover_sheet(stamping.LONG, stamp, fonts, covers)
            else:
                stamped = stamping.stamp_pdf(document._read(), stamp, fonts, covers)
        except stamping.StampError as exc:
            raise UserError(self._describe_stamp_error(document, str(exc))) from exc
        stem = document.name.rpartition(".")[0] or document.name
        if stamped.cover:
            name = self.env._("%(name)s – cover sheet.pdf", name=stem)
        else:
            name = self.env._("%(name)s – stamped.pdf", name=stem)
        return self.env["pcu.document"]._create_from_bytes(
            [
                {
                    **self._prepare_document_values(),
                    "name": name,
                    "kind": "copy",
                    "original_id": document.id,
                    "is_cover": bool(stamped.cover),
                    "content": stamped.content,
                    "declared_type": PDF,
                }
            ]
        )

    def _prepare_covers(self, document):
        """Say on the cover sheet what it lies before, and why there is one."""
        title = self.env._("Cover sheet of a registered document")
        file = [
            self.env._("File: %(name)s (%(size)s)", name=document.name,
                       size=document.size_text),
            self.env._("SHA-256: %(digest)s", digest=document.sha256),
        ]  # fmt: skip
        return {
            stamping.SIGNED: [
                title,
                self.env._(
                    "The document carries an electronic signature. So that it stays "
                    "valid, the file is not stamped and not changed in any way; this "
                    "sheet shows its registration."
                ),
                *file,
            ],
            stamping.LONG: [
                title,
                self.env._(
                    "The document is too long for a stamped copy. The file is not "
                    "changed in any way; this sheet shows its registration."
                ),
                *file,
            ],
        }

    def _describe_stamp_error(self, document, reason):
        texts = {
            "password": self.env._("it is locked with a password"),
            "empty": self.env._("it has no pages"),
        }
        return self.env._(
            "“%(name)s” can't be stamped: %(reason)s. The original is kept; print it "
            "and stamp it by hand if needed.",
            name=document.name,
            reason=texts.get(reason) or self.env._("the file is damaged"),
        )

    def _prepare_stamp(self):
        """Gather what the registration stamp says, as on paper."""
        self.ensure_one()
        day = self.registration_date
        directions = {
            "incoming": self.env._("INCOMING"),
            "outgoing": self.env._("OUTGOING"),
            "internal": self.env._("INTERNAL"),
            "ex_officio": self.env._("EX OFFICIO"),
        }
        pages = [
            text
            for count, text in (
                (
                    self.page_count,
                    self.env._("sheets: %(count)s", count=self.page_count),
                ),
                (
                    self.annex_count,
                    self.env._("annexes: %(count)s", count=self.annex_count),
                ),
            )
            if count
        ]
        return stamping.Stamp(
            institution=self.company_id.name,
            direction=directions[self.direction],
            number=self.env._("No. %(number)s", number=self.reference),
            date_line=self.env._(
                "Day %(day)s Month %(month)s Year %(year)s",
                day=f"{day:%d}",
                month=f"{day:%m}",
                year=f"{day:%Y}",
            ),
            pages_line=", ".join(pages),
            department=self.department_id.code or "",
            qr=self._get_stamp_qr(),
        )

    def _get_stamp_qr(self):
        """Return what the QR says: institution code, register, number and date."""
        company = self.company_id
        return " ".join(
            filter(None, (company.pcu_cui, self.register_id.code, self.reference))
        )

    @api.model
    def _get_fonts(self):
        return file_path(_FONTS % "Regular"), file_path(_FONTS % "Bold")
