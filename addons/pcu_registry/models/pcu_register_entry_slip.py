"""Slips and labels of an entry, and what their check code shows to the public."""

from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_time
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .. import check_code, slips
from .pcu_register_entry import ANNULLED, REGISTERED, ROUTED, SOLVED

STATUS_PATH = "/pcu/verificare"
SECRET_PARAMETER = "pcu_registry.slip_secret"  # noqa: S105 - its name, not the secret


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    slip_print = fields.Boolean(related="company_id.pcu_slip_print")

    # ------------------------------------------------------------------ printing

    def action_print_slip(self):
        """Open the slips in the institution's usual format, ready to print."""
        return self._print_slips(self.company_id[:1].pcu_slip_format)

    def _print_slips(self, paper):
        self._check_slip()
        query = urlencode({"ids": ",".join(map(str, self.ids)), "paper": paper})
        return {
            "type": "ir.actions.act_url",
            "url": f"/pcu/slip?{query}",
            "target": "new",
        }

    def _draw_slips(self, paper):
        """Return the PDF with one slip or label per entry, and note the printing.

        :raise UserError: when an entry has no number or the format isn't known
        """
        self._check_slip()
        if paper not in slips.SIZES:
            raise UserError(
                self.env._(
                    "There is no slip format “%(format)s”. Choose one from the list.",
                    format=paper,
                )
            )
        content = slips.draw_slips(
            [entry._prepare_slip() for entry in in_romanian(self)],
            paper,
            self._get_fonts(),
            title=", ".join(self.mapped("reference")),
        )
        self.env["pcu.journal"]._log(self, "slip_printed", format=paper)
        return content

    def _check_slip(self):
        """Let the registry print what it may read, once there is a number."""
        if not self._is_registry():
            raise AccessError(
                self.env._("Slips are printed by the registry. Ask there for one.")
            )
        self.check_access("read")
        for entry in self:
            if not entry.number:
                raise UserError(
                    self.env._(
                        "%(entry)s has no number yet. Register it, then print.",
                        entry=entry.display_name,
                    )
                )

    # ------------------------------------------------------------------ content

    def _prepare_slip(self):
        """Gather what slip and label say."""
        self.ensure_one()
        code = self._get_check_code()
        address = self._get_status_address()
        return slips.Slip(
            institution=self.company_id.name,
            title=self.env._("PROOF OF REGISTRATION"),
            number=self.env._("No. %(number)s", number=self.reference),
            date_line=self.env._(
                "%(day)s, %(time)s · %(register)s",
                day=format_date(self.env, self.registration_date),
                time=f"{local_time(self.registered_at):%H:%M}",
                register=self.register_id.name,
            ),
            items=self._prepare_slip_items(),
            follow=(
                self.env._(
                    "Follow it: scan the code or open %(address)s and type:",
                    address=address.removeprefix("https://"),
                ),
                self.env._(
                    "Number %(number)s · Year %(year)s · Code",
                    number=self.number,
                    year=self.year,
                ),
            ),
            code_line=check_code.show_code(code),
            url=f"{address}?"
            + urlencode({"nr": self.number, "an": self.year, "cod": code}),
            barcode=slips.barcode_text(self.reference),
        )

    def _prepare_slip_items(self):
        """Return label and text of what was handed in and of the legal term."""
        counts = ", ".join(
            filter(
                None,
                (
                    self.page_count
                    and self.env._("sheets: %(count)s", count=self.page_count),
                    self.annex_count
                    and self.env._("annexes: %(count)s", count=self.annex_count),
                ),
            )
        )
        # A slip gets lost: what is confidential isn't written on it.
        content = self.confidentiality != "confidential" and self.summary
        return tuple(
            (label, text)
            for label, text in (
                (self.env._("Content"), content),
                (self.env._("Handed in"), counts),
                (self.env._("Legal term"), self._get_slip_term()),
            )
            if text
        )

    def _get_slip_term(self):
        """Extend: say until when the law asks for an answer, and by which article.

        The registry knows no terms; the floors above do.

        :return: a text for the slip, or an empty one
        """
        self.ensure_one()
        return ""

    # ------------------------------------------------------------------ check code

    def _get_check_code(self):
        """Return the code that proves that someone was given this entry's slip."""
        self.ensure_one()
        return check_code.make_code(
            self._get_slip_secret(), self.register_year_id.id, self.number
        )

    @api.model
    def _get_slip_secret(self):
        # sudo: everybody who prints needs it, nobody may read it
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        secret = parameters_sudo.get_param(SECRET_PARAMETER)
        if not secret:
            raise UserError(
                self.env._(
                    "The secret of the slips is missing from the system parameters. "
                    "Ask the system administrator to update the registry module."
                )
            )
        return secret

    def _get_status_address(self):
        """Return the address of the status page as citizens reach it."""
        self.ensure_one()
        base = self.company_id.pcu_public_url or self.get_base_url()
        return f"{base.rstrip('/')}{STATUS_PATH}"

    @api.model
    def _get_public_status(self, number, year, code, digest=None):
        """Return what the holder of a slip may know, or None.

        Number and year that don't exist take the same way as a wrong code: the
        entries are looked at only after the code has proved right.

        :return: dict with ``number``, ``date``, ``institution``, ``state`` and
            ``digest``: None (not asked), "match", "differs" or "withheld"
        """
        # sudo: the check code is the right to see these four facts and no others
        entries_sudo = self.sudo()
        years = entries_sudo.env["pcu.register.year"].search([("year", "=", year)])
        secret = self._get_slip_secret()
        year_id = check_code.find_year(secret, years.ids, number, code)
        entry = year_id and entries_sudo.search(
            [
                ("register_year_id", "=", year_id),
                ("number", "=", number),
                ("answers_id", "=", False),
            ],
            limit=1,
        )
        return in_romanian(entry)._prepare_public_status(digest) if entry else None

    def _prepare_public_status(self, digest):
        self.ensure_one()
        # Routing and solving of a confidential matter are nobody else's business.
        confidential = self.confidentiality == "confidential"
        state = REGISTERED if confidential and self.state != ANNULLED else self.state
        labels = {
            REGISTERED: self.env._("Registered"),
            ROUTED: self.env._("Being worked on"),
            SOLVED: self.env._("Solved"),
            ANNULLED: self.env._("Annulled: the number is no longer valid"),
        }
        return {
            "number": self.reference,
            "date": format_date(self.env, self.registration_date),
            "institution": self.company_id.name,
            "state": labels[state],
            "annulled": state == ANNULLED,
            "digest": digest and self._compare_digest(digest, confidential),
        }

    def _compare_digest(self, digest, confidential):
        """Tell whether a file with this SHA-256 lies with the entry or a reply to it.

        Not for a confidential one: with a lost slip, texts could be guessed at.
        """
        if confidential:
            return "withheld"
        replies = self.reply_ids.filtered(
            lambda reply: reply.number and reply.confidentiality != "confidential"
        )
        digests = (self | replies).document_ids.mapped("sha256")
        return "match" if digest in digests else "differs"
