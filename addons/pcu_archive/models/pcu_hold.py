"""Holds: what a court, a control or an inquiry needs is not destroyed."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# Set when the hold is released; the rest of a hold doesn't change.
RELEASE_FIELDS = {"released_at", "released_by_id", "release_reason"}
SCOPE_FIELDS = {"file_ids", "entry_ids"}


class PcuHold(models.Model):
    """Files and documents that must stay whatever their term says.

    Placed by the archivist for a case; released with a reason, never deleted. While it
    stands, nothing of it can be selected or destroyed; the database checks it too.
    """

    _name = "pcu.hold"
    _description = "Hold"
    _order = "released_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Case", required=True)
    reference = fields.Char(
        help="Number of the court file or of the request of the controlling body."
    )
    reason = fields.Text(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file_ids = fields.Many2many(
        comodel_name="pcu.file",
        relation="pcu_hold_file_rel",
        column1="hold_id",
        column2="file_id",
        string="Files",
        check_company=True,
    )
    entry_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        relation="pcu_hold_entry_rel",
        column1="hold_id",
        column2="entry_id",
        string="Documents",
        check_company=True,
    )
    active_hold = fields.Boolean(
        string="Stands", compute="_compute_active_hold", search="_search_active_hold"
    )
    released_at = fields.Datetime(readonly=True, copy=False)
    released_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    release_reason = fields.Char(copy=False)

    _release_complete = models.Constraint(
        "CHECK (released_at IS NULL OR "
        "(released_by_id IS NOT NULL AND release_reason <> ''))",
        "A hold is released by somebody, with a reason.",
    )

    @api.depends("released_at")
    def _compute_active_hold(self):
        for hold in self:
            hold.active_hold = not hold.released_at

    def _search_active_hold(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("released_at", "=" if True in value else "!=", False)

    @api.constrains("file_ids", "entry_ids")
    def _check_scope(self):
        for hold in self:
            if not (hold.file_ids or hold.entry_ids):
                raise ValidationError(
                    self.env._("Say which files or documents are held.")
                )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.keys() & {"released_at", "released_by_id"}:
                self._refuse()
        holds = super().create(vals_list)
        holds._check_scope()  # also when neither field was given
        self.env["pcu.journal"]._log(holds, "hold_placed")
        return holds

    def write(self, vals):
        if vals.keys() & {"released_at", "released_by_id"} and not self.env.su:
            self._refuse()
        if any(hold.released_at for hold in self):
            self._refuse()
        before = {hold: (hold.file_ids, hold.entry_ids) for hold in self}
        result = super().write(vals)
        if vals.keys() & SCOPE_FIELDS:
            for hold, (files, entries) in before.items():
                if files - hold.file_ids or entries - hold.entry_ids:
                    self._refuse()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_hold(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "A hold stays as it was placed: it can be widened, and released with a "
                "reason, but nothing is taken out of it."
            )
        )

    # ------------------------------------------------------------------ actions

    def action_release(self):
        """Release the hold; the term of its files counts again."""
        self.check_access("write")
        for hold in self:
            if hold.released_at:
                raise UserError(
                    self.env._("“%(hold)s” has been released already.", hold=hold.name)
                )
            if not (hold.release_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Write the reason for the release before you release it."
                    )
                )
        # sudo: the facts of a release are written by this action only
        self.sudo().write(
            {"released_at": fields.Datetime.now(), "released_by_id": self.env.uid}
        )
        for hold in self:
            self.env["pcu.journal"]._log(
                hold, "hold_released", reason=hold.release_reason
            )
        return True

    # ------------------------------------------------------------------ business

    @api.model
    def _get_held(self, files):
        """Return ``{file: hold}`` for the files that a standing hold covers."""
        standing = self.sudo().search(
            Domain("released_at", "=", False)
            & (
                Domain("file_ids", "in", files.ids)
                | Domain("entry_ids.file_id", "in", files.ids)
            )
        )
        held = {}
        for hold in standing:
            for file in hold.file_ids | hold.entry_ids.file_id:
                if file.id in files._ids:
                    held.setdefault(files.browse(file.id), hold)
        return held
