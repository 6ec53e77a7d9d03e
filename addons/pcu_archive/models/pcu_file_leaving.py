"""Files on their way: into inventories, selections and transfers."""

from odoo import fields, models
from odoo.exceptions import UserError


class PcuFile(models.Model):
    _inherit = "pcu.file"  # pylint: disable=consider-merging-classes-inherited

    inventory_id = fields.Many2one(
        comodel_name="pcu.inventory",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    selection_id = fields.Many2one(
        comodel_name="pcu.selection",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    hold_ids = fields.Many2many(
        comodel_name="pcu.hold",
        relation="pcu_hold_file_rel",
        column1="file_id",
        column2="hold_id",
        string="Holds",
        readonly=True,
        domain=[("released_at", "=", False)],
    )

    def _check_change(self, vals):
        if vals.keys() & {"inventory_id", "selection_id", "hold_ids"}:
            raise UserError(
                self.env._(
                    "A file comes on an inventory, a selection or a hold by their own "
                    "actions."
                )
            )
        return super()._check_change(vals)

    def action_make_inventories(self):
        """List closed files in the inventories of their year and retention term."""
        self.env["pcu.inventory"].check_access("create")
        wrong = self.filtered(lambda f: f.state != "closed")
        if wrong:
            raise UserError(
                self.env._(
                    "%(file)s is not closed; inventories list closed files.",
                    file=wrong[0].display_name,
                )
            )
        inventories = self.env["pcu.inventory"]
        for key, files in (
            self.filtered(lambda f: not f.inventory_id)
            .grouped(lambda f: f._get_inventory_key())
            .items()
        ):
            inventory = inventories._get_draft(*key)
            files._as_program().write({"inventory_id": inventory.id})
            inventories |= inventory
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inventories"),
            "res_model": "pcu.inventory",
            "view_mode": "list,form",
            "domain": [("id", "in", (inventories or self.inventory_id).ids)],
        }

    def _get_inventory_key(self):
        code = self.classification_id
        permanent = code.retention_kind == "permanent"
        return (
            self.company_id,
            self.department_id,
            self.year,
            code.retention_kind,
            0 if permanent else code.retention_years,
        )

    def action_reopen(self):
        """A file that is opened again leaves its draft inventory."""
        result = super().action_reopen()
        self.sudo()._as_program().write({"inventory_id": False})
        return result

    def action_leave_selection(self):
        """Keep the file: take it off the minutes that are not confirmed yet."""
        self.check_access("write")
        if any(f.selection_id.state not in ("draft", "decided") for f in self):
            raise UserError(
                self.env._(
                    "The National Archives confirmed the minutes as they are. Cancel "
                    "the selection if the file must stay."
                )
            )
        for file in self:
            self.env["pcu.journal"]._log(
                file, "file_kept", selection=file.selection_id.name
            )
        self._as_program().write({"selection_id": False})
        return True
