"""Hand-over minutes: the files of a department go to the archive."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.addons.pcu_registry.paper_lists import Column
from odoo.exceptions import UserError

from .. import retention
from .pcu_file import ARCHIVED
from .pcu_inventory import HANDED_OVER

DRAFT, SIGNED = "draft", "signed"
STATES = [(DRAFT, "Draft"), (SIGNED, "Signed")]


class PcuArchiveHandover(models.Model):
    """*Proces-verbal de predare-primire*: inventories go from a department to the
    archive, in the second year after the one in which the files were constituted.

    Drafted by the archivist, who records the signing; the files lie in the archive
    from then on, and the register of entries and exits has a new row.
    """

    _name = "pcu.archive.handover"
    _description = "Hand-over minutes"
    _inherit = ["pcu.archive.print", "pcu.archive.guarded"]
    _order = "date desc, id desc"

    name = fields.Char(string="Number", required=True, copy=False)
    date = fields.Date(required=True, default=lambda _self: local_day())
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    handed_by_id = fields.Many2one(
        comodel_name="res.users", string="Handed over by", required=True
    )
    received_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Taken over by",
        required=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(STATES, default=DRAFT, required=True, readonly=True)
    inventory_ids = fields.One2many(
        comodel_name="pcu.inventory", inverse_name="handover_id", string="Inventories"
    )
    early_reason = fields.Char(
        string="Reason for an early hand-over",
        help="Files are handed over in the second year after the one in which they "
        "were constituted. Say why they go earlier, for example because the department "
        "was dissolved.",
    )
    note = fields.Text(string="Remarks")

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "Minutes with this number exist already."
    )

    def _check_change(self, vals):
        if any(minutes.state == SIGNED for minutes in self):
            self._refuse_by_hand()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(minutes.state == SIGNED for minutes in self):
            self._refuse_by_hand()

    def _explain_guard(self):
        return self.env._(
            "Minutes are signed by their button, and signed minutes don't change."
        )

    # ------------------------------------------------------------------ actions

    def action_take_inventories(self):
        """Put all draft inventories of the department on these minutes."""
        self.ensure_one()
        inventories = self.env["pcu.inventory"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("department_id", "=", self.department_id.id),
                ("state", "=", "draft"),
                ("handover_id", "=", False),
            ]
        )
        if not inventories:
            raise UserError(
                self.env._(
                    "%(department)s has no inventory that waits. Close its files and "
                    "make the inventories first.",
                    department=self.department_id.name,
                )
            )
        inventories.handover_id = self
        return True

    def action_sign(self):
        """Record the signing: from now on the files lie in the archive."""
        self.check_access("write")
        for minutes in self:
            minutes._check_can_sign()
            files = minutes.inventory_ids.file_ids
            files._as_program().write({"state": ARCHIVED})
            minutes.inventory_ids._as_program().write({"state": HANDED_OVER})
            minutes._as_program().state = SIGNED
            self.env["pcu.archive.sheet"]._make(files, minutes.date)
            self.env["pcu.archive.movement"]._add(
                "in", files, minutes.date, minutes.display_name, minutes.department_id
            )
        self.env["pcu.journal"]._log(self, "handover_signed")
        return True

    def _check_can_sign(self):
        """Say what keeps the minutes from being signed."""
        self.ensure_one()
        if self.state == SIGNED:
            self._refuse_by_hand()
        files = self.inventory_ids.file_ids
        if not files:
            raise UserError(
                self.env._("There is no inventory on these minutes. Add them first.")
            )
        if self.handed_by_id == self.received_by_id:
            raise UserError(
                self.env._("Who hands over and who takes over are two persons.")
            )
        foreign = files.filtered(lambda f: f.department_id != self.department_id)
        if foreign:
            raise UserError(
                self.env._(
                    "%(file)s belongs to another department; it needs minutes of its "
                    "own.",
                    file=foreign[0].display_name,
                )
            )
        opened = files.filtered(lambda f: f.state != "closed")
        if opened:
            raise UserError(
                self.env._(
                    "%(file)s is not closed any more. Close it before it is handed "
                    "over.",
                    file=opened[0].display_name,
                )
            )
        early = files.filtered(lambda f: self.date < retention.handed_over_from(f.year))
        if early and not (self.early_reason or "").strip():
            raise UserError(
                self.env._(
                    "Files of %(year)s are handed over from %(day)s, the second year "
                    "after they were constituted. If they must go earlier, write the "
                    "reason on the minutes.",
                    year=early[0].year,
                    day=self._day(retention.handed_over_from(early[0].year)),
                )
            )

    # ------------------------------------------------------------------ printing

    @api.depends("name", "date")
    def _compute_display_name(self):
        for minutes in self:
            minutes.display_name = self.env._(
                "Minutes %(number)s/%(day)s",
                number=minutes.name or "",
                day=self._day(minutes.date),
            )

    def _prepare_forms(self):
        """Give the minutes, and the inventories that go with them."""
        inventories = self.inventory_ids
        rows = tuple(
            (
                str(number),
                str(inventory.year),
                inventory.retention_label,
                str(inventory.file_count),
                str(inventory.sheet_count),
            )
            for number, inventory in enumerate(inventories, 1)
        )
        form = self._form(
            self.env._("HAND-OVER MINUTES"),
            subtitle=self.env._(
                "No. %(number)s of %(day)s",
                number=self.name,
                day=self._day(self.date),
            ),
            annex=self.env._("Annex 3"),
            about=tuple(
                filter(
                    None,
                    (
                        self.env._(
                            "The undersigned, %(giver)s, for the department "
                            "%(department)s, and %(taker)s, for the archive, have "
                            "today handed over and taken over the documents made by "
                            "this department, by the inventories attached. Number of "
                            "files: %(files)s.",
                            giver=self.handed_by_id.name,
                            department=self.department_id.name,
                            taker=self.received_by_id.name,
                            files=len(inventories.file_ids),
                        ),
                        self.early_reason
                        and self.env._(
                            "Reason for the early hand-over: %(reason)s",
                            reason=self.early_reason,
                        ),
                        self.note,
                    ),
                )
            ),
            columns=(
                Column(self.env._("No."), 0.6, number=True),
                Column(self.env._("Year"), 1, number=True),
                Column(self.env._("Retention term"), 3),
                Column(self.env._("Files"), 1, number=True),
                Column(self.env._("Sheets"), 1, number=True),
            ),
            rows=rows,
            signatures=(
                (self.env._("Handed over by"), self.handed_by_id.name),
                (self.env._("Taken over by"), self.received_by_id.name),
            ),
        )
        return [form, *inventories._prepare_forms()]
