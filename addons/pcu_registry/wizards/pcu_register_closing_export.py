"""Take the closings of a period away, with the script that checks them."""

import base64
import io
import zipfile

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.tools import file_open

from .. import closing

SCRIPT = "verify_closing.py"


class PcuRegisterClosingExport(models.TransientModel):
    """Asks which register and days; gives a ZIP for the auditor or the signer."""

    _name = "pcu.register.closing.export"
    _description = "Export daily closings"

    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        default=lambda self: self.env["pcu.register.entry"]._default_register_id(),
    )
    date_from = fields.Date(
        string="From day",
        required=True,
        default=lambda self: self._default_day().replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="To day", required=True, default=lambda self: self._default_day()
    )
    content = fields.Binary(compute="_compute_content")
    content_name = fields.Char(compute="_compute_content")

    @api.model
    def _default_day(self):
        return local_day()

    def _compute_content(self):
        for wizard in self:
            wizard.content = base64.b64encode(wizard._zip())
            code = closing.slug(wizard.register_id.code)
            wizard.content_name = f"{code}-{wizard.date_from}-{wizard.date_to}.zip"

    def action_export(self):
        self.ensure_one()
        closings = self._get_closings()
        if not closings:
            raise UserError(
                self.env._(
                    "There is no closing of %(register)s between these days.",
                    register=self.register_id.code,
                )
            )
        self.env["pcu.journal"]._log(closings, "closing_exported")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content"
            "?filename_field=content_name&download=1",
            "target": "download",
        }

    def _get_closings(self):
        return self.env["pcu.register.closing"].search(
            [
                ("register_id", "=", self.register_id.id),
                ("day", ">=", self.date_from),
                ("day", "<=", self.date_to),
            ],
            order="sequence",
        )

    @api.model
    def _member(self, name):
        """Name a file of the ZIP with a fixed time: the same days, the same bytes."""
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        return info

    def _zip(self):
        out = io.BytesIO()
        with (
            zipfile.ZipFile(out, "w") as archive,
            file_open(f"pcu_registry/static/tools/{SCRIPT}", "rb") as script,
        ):
            archive.writestr(self._member(SCRIPT), script.read())
            for record in self._get_closings():
                archive.writestr(self._member(record.content_name), record._read_file())
        return out.getvalue()
