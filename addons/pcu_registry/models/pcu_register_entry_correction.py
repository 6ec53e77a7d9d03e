"""What is registered changes only by a correction that keeps the old value."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .pcu_register_entry import ANNULLED, DRAFT, PROGRAM

LEGAL_FIELDS = (
    "external_number",
    "external_date",
    "received_on",
    "page_count",
    "annex_count",
    "sender_id",
    "summary",
    "recipient_id",
    "channel",
    "connected_to_id",
)
"""The legal columns that say what was registered, in the order of the book."""


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    correction_ids = fields.One2many(
        comodel_name="pcu.register.correction",
        inverse_name="entry_id",
        string="Corrections",
    )

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            self._refuse_silent_change(vals)
        return super().write(vals)

    def _refuse_silent_change(self, vals):
        """Let nobody write over a registered column without saying why."""
        names = [name for name in LEGAL_FIELDS if name in vals]
        if not names:
            return
        for entry in self.filtered(lambda entry: entry.state != DRAFT):
            if changed := entry._get_changed(vals, names):
                raise UserError(
                    self.env._(
                        "%(entry)s is registered: “%(fields)s” changes only by a "
                        "correction, which keeps the old value. Press “Correct” and "
                        "say why.",
                        entry=entry.display_name,
                        fields=", ".join(entry._get_field_label(n) for n in changed),
                    )
                )

    # ------------------------------------------------------------------ business

    @api.private
    def action_correct(self, values, reason):
        """Correct registered columns; the old values stay readable.

        :param values: new values of columns in ``LEGAL_FIELDS``
        :param reason: why, in words; it stands beside the old value
        :raise UserError: without a reason, without a change, and for entries that
            aren't registered, are annulled, or stand in a closed year
        """
        self.ensure_one()
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why the entry is corrected; the reason stays with it.")
            )
        self._check_correctable()
        names = [name for name in LEGAL_FIELDS if name in values]
        changed = self._get_changed(values, names)
        if not changed:
            raise UserError(
                self.env._("Nothing was changed; there is nothing to keep.")
            )
        if "connected_to_id" in changed:
            self._check_connectable(values["connected_to_id"])
        old = {name: self._format_legal_value(name) for name in changed}
        self._programmatic().write({name: values[name] for name in changed})
        # sudo: nobody writes corrections but this act
        self.env["pcu.register.correction"].sudo().create(
            [
                {
                    "entry_id": self.id,
                    "field_name": name,
                    "old_value": old[name],
                    "new_value": self._format_legal_value(name),
                    "reason": reason,
                }
                for name in changed
            ]
        )
        self._check_complete()
        self.env["pcu.journal"]._log(
            self, "entry_corrected", reason=reason, fields=changed
        )
        return True

    def _check_correctable(self):
        self.ensure_one()
        if not self.number:
            raise UserError(
                self.env._(
                    "%(entry)s isn't registered yet; change it directly.",
                    entry=self.display_name,
                )
            )
        if self.state == ANNULLED:
            raise UserError(
                self.env._(
                    "%(entry)s is annulled and isn't corrected any more.",
                    entry=self.display_name,
                )
            )
        if self.register_year_id.state == "closed":
            raise UserError(
                self.env._(
                    "%(year)s is closed: nothing in it is corrected any more. If it "
                    "must be, the administrator opens the year again first.",
                    year=self.register_year_id.display_name,
                )
            )

    def _get_changed(self, values, names):
        """Return those of the named columns whose value would really change."""
        self.ensure_one()
        fields_ = self._fields
        return [
            name
            for name in names
            if (fields_[name].convert_to_cache(values[name], self) or False)
            != (fields_[name].convert_to_cache(self[name], self) or False)
        ]

    def _get_field_label(self, name):
        return self._fields[name]._description_string(self.env)

    def _format_legal_value(self, name):
        """Write a column's value as it reads in the register."""
        self.ensure_one()
        field, value = self._fields[name], self[name]
        if field.type == "many2one":
            # sudo: whom the column names is readable to who reads the entry
            return value.sudo().display_name or ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        return str(value or "")
