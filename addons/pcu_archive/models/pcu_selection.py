"""Selection: what has served its term is proposed, confirmed and destroyed."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day, local_time
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import guards
from .pcu_file import ARCHIVED

DRAFT, DECIDED, CONFIRMED, APPROVED = "draft", "decided", "confirmed", "approved"
DESTROYING, DONE, CANCELLED = "destroying", "destroyed", "cancelled"
STATES = [
    (DRAFT, "Proposed"),
    (DECIDED, "Decided by the commission"),
    (CONFIRMED, "Selection confirmed by the National Archives"),
    (APPROVED, "Destruction approved"),
    (DESTROYING, "Being destroyed"),
    (DONE, "Destruction carried out"),
    (CANCELLED, "Cancelled"),
]


class PcuSelection(models.Model):
    """One selection (*lucrare de selecționare*).

    The archivist proposes files whose term is over; the commission decides; the county
    service of the National Archives confirms (Law 16/1996). The destruction is then
    approved by one person and, after a delay, carried out by another, who sits on the
    commission. Holds are looked at in each step. See ``guards`` for what the
    database itself demands.
    """

    _name = "pcu.selection"
    _description = "Selection"
    _inherit = ["pcu.archive.print", "pcu.archive.guarded"]
    _order = "date desc, id desc"
    _protected_fields = frozenset(
        {
            "state",
            "approved_by_id",
            "approved_at",
            "not_before",
            "executed_by_id",
            "executed_at",
            "certificate_id",
            "document_count",
            "kept_count",
        }
    )

    name = fields.Char(string="Number of the minutes", required=True, copy=False)
    date = fields.Date(required=True, default=lambda _self: local_day())
    commission_id = fields.Many2one(
        comodel_name="pcu.selection.commission",
        required=True,
        ondelete="restrict",
        check_company=True,
    )
    state = fields.Selection(STATES, default=DRAFT, required=True, readonly=True)
    file_ids = fields.One2many(
        comodel_name="pcu.file", inverse_name="selection_id", string="Files"
    )
    file_count = fields.Integer(string="Files listed", compute="_compute_file_count")
    note = fields.Text(string="Remarks of the commission")

    # The answer of the National Archives
    confirmation_number = fields.Char(copy=False)
    confirmation_date = fields.Date(copy=False)

    # Two persons and the time between them
    approved_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    approved_at = fields.Datetime(readonly=True, copy=False)
    not_before = fields.Datetime(
        readonly=True,
        copy=False,
        help="Until then the destruction can still be cancelled.",
    )
    can_destroy = fields.Boolean(compute="_compute_can_destroy")
    executed_by_id = fields.Many2one(
        comodel_name="res.users", string="Destroyed by", readonly=True, copy=False
    )
    executed_at = fields.Datetime(string="Destroyed at", readonly=True, copy=False)

    # What is left of it
    document_count = fields.Integer(
        string="Documents destroyed", readonly=True, copy=False
    )
    kept_count = fields.Integer(
        string="Same bytes kept elsewhere",
        readonly=True,
        copy=False,
        help="Documents whose bytes also belong to another document that stays.",
    )
    certificate_id = fields.Many2one(
        comodel_name="pcu.document",
        string="Certificate of destruction",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "Minutes with this number exist already."
    )
    _two_persons = models.Constraint(
        "CHECK (executed_by_id <> approved_by_id)",
        "Who approves a destruction and who carries it out are two persons.",
    )
    _after_the_delay = models.Constraint(
        "CHECK (executed_at >= not_before)",
        "The destruction is only carried out after the delay.",
    )
    _facts_of_confirmed = models.Constraint(
        "CHECK (state IN ('draft', 'decided', 'cancelled') OR "
        "(confirmation_number <> '' AND confirmation_number IS NOT NULL AND "
        "confirmation_date IS NOT NULL))",
        "A confirmed selection has number and date of the confirmation.",
    )
    _facts_of_approved = models.Constraint(
        "CHECK (state NOT IN ('approved', 'destroying', 'destroyed') OR "
        "(approved_by_id IS NOT NULL AND approved_at IS NOT NULL AND "
        "not_before > approved_at))",
        "An approved destruction has its first person and its delay.",
    )
    _facts_of_destroyed = models.Constraint(
        "CHECK (state NOT IN ('destroying', 'destroyed') OR "
        "(executed_by_id IS NOT NULL AND executed_at IS NOT NULL))",
        "A destruction has its second person.",
    )

    def init(self):
        """Let the database refuse what no program may do."""
        self.env.cr.execute(guards.SELECTION)

    @api.depends("file_ids")
    def _compute_file_count(self):
        counts = dict(
            self.env["pcu.file"]._read_group(
                [("selection_id", "in", self.ids)], ["selection_id"], ["__count"]
            )
        )
        for selection in self:
            selection.file_count = counts.get(selection, 0)

    @api.depends("state", "not_before", "approved_by_id")
    @api.depends_context("uid")
    def _compute_can_destroy(self):
        """Offer the act to a second person only, and only after the delay."""
        now = fields.Datetime.now()
        for selection in self:
            selection.can_destroy = (
                selection.state == APPROVED
                and selection.not_before <= now
                and selection.approved_by_id != self.env.user
            )

    @api.depends("name", "date")
    def _compute_display_name(self):
        for selection in self:
            selection.display_name = self.env._(
                "Selection %(number)s/%(day)s",
                number=selection.name or "",
                day=self._day(selection.date),
            )

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # The guard in the database sees each step by itself.
            self.flush_recordset()
        return result

    def _explain_guard(self):
        return self.env._(
            "A selection moves on by its actions only: decide, confirm, approve, "
            "destroy."
        )

    def _check_change(self, vals):
        if any(selection.state not in (DRAFT, DECIDED) for selection in self):
            raise UserError(
                self.env._("A confirmed selection doesn't change any more.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(selection.state != DRAFT for selection in self):
            raise UserError(
                self.env._(
                    "What the commission has decided stays. Cancel the selection "
                    "instead."
                )
            )

    # ------------------------------------------------------------------ actions

    def action_collect(self):
        """Propose all files of the archive whose term is over and that nobody holds."""
        self.check_access("write")
        for selection in self:
            selection._check_state(DRAFT)
            files = self.env["pcu.file"].search(selection._get_candidates_domain())
            held = self.env["pcu.hold"]._get_held(files)
            files = files.filtered(lambda f, held=held: f not in held)
            if not files:
                raise UserError(
                    self.env._(
                        "No file in the archive has come to the end of its term by "
                        "%(day)s, or a hold covers it.",
                        day=self._day(selection.date),
                    )
                )
            files._as_program().write({"selection_id": selection.id})
        return True

    def action_decide(self):
        """Record the decision of the commission."""
        self.check_access("write")
        for selection in self:
            selection._check_state(DRAFT)
            selection._check_files(selection.date)
        self._as_program().write({"state": DECIDED})
        self.env["pcu.journal"]._log(self, "selection_decided")
        return True

    def action_confirm(self):
        """Record the confirmation by the National Archives."""
        self.check_access("write")
        for selection in self:
            selection._check_state(DECIDED)
            if not (
                (selection.confirmation_number or "").strip()
                and selection.confirmation_date
            ):
                raise UserError(
                    self.env._(
                        "Nothing is destroyed without the confirmation by the National "
                        "Archives. Fill in its number and date."
                    )
                )
            if selection.confirmation_date < selection.date:
                raise UserError(
                    self.env._("The confirmation can't be older than the minutes.")
                )
        self._as_program().write({"state": CONFIRMED})
        self.env["pcu.journal"]._log(self, "selection_confirmed")
        return True

    def action_approve(self):
        """Approve the destruction, as the first of two persons."""
        self.check_access("write")
        now = fields.Datetime.now()
        for selection in self:
            selection._check_state(CONFIRMED)
            selection._check_files(selection.date)
            delay = selection.company_id.pcu_destruction_delay
            selection._as_program().write(
                {
                    "state": APPROVED,
                    "approved_by_id": self.env.uid,
                    "approved_at": now,
                    "not_before": fields.Datetime.add(now, days=delay),
                }
            )
        self.env["pcu.journal"]._log(self, "destruction_approved")
        return True

    def action_destroy(self):
        """Destroy, as the second person: the bytes go, rows and fingerprints stay."""
        self.check_access("read")
        for selection in self:
            selection._check_can_destroy()
            # sudo: the commission's member carries it out without the archivist's
            # rights; who may was checked above, and the database checks again
            selection.sudo()._destroy()
        self.env["pcu.journal"]._log(self, "destruction_carried_out")
        self.env.ref("pcu_archive.ir_cron_destruction")._trigger()
        return True

    def action_cancel(self):
        """Give the files back to the archive, up to the moment of destruction."""
        self.check_access("write")
        for selection in self:
            if selection.state in (DESTROYING, DONE, CANCELLED):
                raise UserError(
                    self.env._(
                        "%(selection)s can't be cancelled any more.",
                        selection=selection.display_name,
                    )
                )
        self.file_ids._as_program().write({"selection_id": False})
        self._as_program().write({"state": CANCELLED})
        self.env["pcu.journal"]._log(self, "selection_cancelled")
        return True

    def action_open_certificate(self):
        """Download the certificate of destruction."""
        self.ensure_one()
        return self.certificate_id.action_download()

    # ------------------------------------------------------------------ business

    def _get_candidates_domain(self):
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", ARCHIVED)
            & Domain("selection_id", "=", False)
            & Domain("retention_kind", "!=", "permanent")
            & Domain("ends_on", "<=", self.date)
        )

    def _check_files(self, day):
        """Say which file can't be destroyed, and why."""
        self.ensure_one()
        files = self.sudo().file_ids
        if not files:
            raise UserError(
                self.env._("There is no file on these minutes. Propose them first.")
            )
        held = self.env["pcu.hold"]._get_held(files)
        for file in files:
            if file in held:
                raise UserError(
                    self.env._(
                        "%(file)s is held for “%(hold)s”. It stays until the hold is "
                        "released; take it off the minutes or wait.",
                        file=file.display_name,
                        hold=held[file].name,
                    )
                )
            kind = file.classification_id.retention_kind
            if kind == "permanent":
                raise UserError(
                    self.env._(
                        "%(file)s is kept permanently and can't be destroyed.",
                        file=file.display_name,
                    )
                )
            if file.state != ARCHIVED or not file.ends_on or file.ends_on > day:
                raise UserError(
                    self.env._(
                        "The term of %(file)s is not over.", file=file.display_name
                    )
                )

    def _check_can_destroy(self):
        """Say what keeps this person from destroying now."""
        self._check_state(APPROVED)
        user = self.env.user
        if user == self.approved_by_id:
            raise UserError(
                self.env._(
                    "You approved this destruction yourself; a second person carries "
                    "it out."
                )
            )
        if user not in self.sudo().commission_id._get_people() or not user.has_group(
            "pcu_archive.group_archive_commission"
        ):
            raise UserError(
                self.env._(
                    "Only a member of the commission that decided the selection can "
                    "carry out the destruction."
                )
            )
        if fields.Datetime.now() < self.not_before:
            raise UserError(
                self.env._(
                    "The destruction can be carried out from %(moment)s on; until then "
                    "it can be cancelled.",
                    moment=local_time(self.not_before).strftime("%d.%m.%Y %H:%M"),
                )
            )
        self._check_files(self.date)
