"""The resolution (*rezoluție*) that a document waits for, and what came of it."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian, local_day
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

ASKED, GIVEN, SENT_BACK, OVERTAKEN = "asked", "given", "sent_back", "overtaken"
STATES = [
    (ASKED, "Waits"),
    (GIVEN, "Given"),
    (SENT_BACK, "Sent back to the registry"),
    (OVERTAKEN, "No longer needed"),
]
#: What the person writes; the rest is written by asking and by the buttons.
WRITTEN_FIELDS = {
    "text",
    "phrase_id",
    "department_id",
    "lead_id",
    "share_department_ids",
    "info_department_ids",
    "info_user_ids",
    "due_date",
}


class PcuResolution(models.Model):
    """One document on the desk of the mayor or the secretary general.

    The registry lays it there (*waits*). Whose resolution it is, or the substitute on
    behalf of them, writes what is to be done, names who is responsible and who is told,
    and gives it: the document goes its way at once. Or it is *sent back* with a reason.
    When the registry routes, solves or annuls the document meanwhile, for instance
    because the resolution was written on the paper, none is *needed* any more.
    """

    _name = "pcu.resolution"
    _description = "Resolution"
    _inherit = ["pcu.work.mixin"]
    _order = "asked_at, id"
    _rec_name = "entry_id"

    # The document
    entry_id = fields.Many2one(
        comodel_name="pcu.register.entry", string="Document", required=True,
        index=True, readonly=True, ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one(
        related="entry_id.company_id", store=True, index=True, string="Institution"
    )
    sender_id = fields.Many2one(related="entry_id.sender_id")
    summary = fields.Char(related="entry_id.summary")

    # Who is asked
    user_id = fields.Many2one(
        comodel_name="res.users", string="Resolution of", required=True, readonly=True
    )
    asked_by_id = fields.Many2one(
        comodel_name="res.users", string="Laid before by", readonly=True
    )
    asked_at = fields.Datetime(
        string="Laid before on", required=True, readonly=True,
        default=lambda _self: fields.Datetime.now(),
    )  # fmt: skip
    note = fields.Char(string="Remark", readonly=True)

    # What the person writes
    phrase_id = fields.Many2one(
        comodel_name="pcu.resolution.phrase",
        store=False,
        help="A phrase chosen here is added to the resolution.",
    )
    text = fields.Char(string="Resolution")
    department_id = fields.Many2one(
        comodel_name="pcu.department", string="Responsible department",
        domain="[('company_id', '=', company_id)]",
    )  # fmt: skip
    lead_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        domain="[('pcu_department_ids', 'in', department_id)]",
        help="Leave empty to put the document in the department's pool.",
    )
    share_department_ids = fields.Many2many(
        comodel_name="pcu.department", relation="pcu_resolution_share_rel",
        string="Take part", domain="[('company_id', '=', company_id)]",
    )  # fmt: skip
    info_department_ids = fields.Many2many(
        comodel_name="pcu.department", relation="pcu_resolution_info_rel",
        string="For information", domain="[('company_id', '=', company_id)]",
    )  # fmt: skip
    info_user_ids = fields.Many2many(
        comodel_name="res.users", relation="pcu_resolution_info_user_rel",
        string="Persons to be informed",
        domain="[('pcu_department_ids.company_id', '=', company_id)]",
    )  # fmt: skip
    due_date = fields.Date(string="Answer until")

    # What became of it
    state = fields.Selection(STATES, default=ASKED, required=True, readonly=True)
    ended_at = fields.Datetime(string="Given or ended on", readonly=True)

    can_give = fields.Boolean(compute="_compute_can_give")

    # One person at a time has the paper on the desk.
    _asked_uniq = models.UniqueIndex(
        "(entry_id) WHERE state = 'asked'",
        "The document already waits for a resolution.",
    )
    # Asked by the rules of who gives resolutions, and by the list of what waits.
    _user_idx = models.Index("(user_id, entry_id)")
    _behalf_idx = models.Index(
        "(pcu_on_behalf_of_id, entry_id) WHERE pcu_on_behalf_of_id IS NOT NULL"
    )
    _asked_idx = models.Index("(user_id, asked_at) WHERE state = 'asked'")

    # ------------------------------------------------------------------ computes

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_give(self):
        """Say whether the user writes here: nobody else does, and only once."""
        for resolution in self:
            resolution.can_give = (
                resolution.state == ASKED and resolution.user_id == self.env.user
            )

    # ------------------------------------------------------------------ onchange

    @api.onchange("phrase_id")
    def _onchange_phrase_id(self):
        """Add the phrase to what is written; the next one can be chosen after it."""
        if self.phrase_id:
            self.text = " ".join(filter(None, (self.text, self.phrase_id.name)))
            self.phrase_id = False

    @api.onchange("department_id")
    def _onchange_department_id(self):
        if self.lead_id not in self.department_id.member_ids:
            self.lead_id = False

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """Let the person write the resolution only, and only while it is asked."""
        if not self.env.su:
            if vals.keys() - WRITTEN_FIELDS:
                raise AccessError(
                    self.env._(
                        "What was laid before somebody is changed by its buttons only."
                    )
                )
            self._check_turn()
        return super().write(vals)

    # ------------------------------------------------------------------ actions

    @api.readonly
    def get_pane_documents(self):
        """List the papers of the document, shown beside the resolution."""
        return self.entry_id.get_pane_documents()

    def action_give(self):
        """Give the resolution: the document goes to who is named in it."""
        for resolution in self:
            resolution._check_turn()
            resolution._check_complete()
            absent = resolution.pcu_on_behalf_of_id
            resolution._end(GIVEN)
            # sudo: whose resolution it is routes to any department, by this act only
            resolution.sudo().entry_id.action_route(
                resolution.department_id,
                resolution.lead_id,
                resolution.text.strip(),
                shares=[(target, None) for target in resolution.share_department_ids],
                copies=resolution._get_copies(),
                resolution_by_id=self.env.uid,
                resolution_for_id=absent.id,
                resolution_date=local_day(),
                due_date=resolution.due_date,
            )
            self.env["pcu.journal"]._log(
                resolution.entry_id,
                "resolution_given",
                department=resolution.department_id.code,
                on_behalf_of=absent.id or None,
            )
        return True

    def action_send_back(self):
        """Give the document back to the registry; the text says why."""
        for resolution in self:
            resolution._check_turn()
            reason = (resolution.text or "").strip()
            if not reason:
                raise UserError(
                    self.env._("Write in the resolution why you send it back.")
                )
            resolution._end(SENT_BACK)
            speaking = in_romanian(resolution.sudo())
            speaking.entry_id._remind_sender(
                resolution.asked_by_id,
                speaking.env._(
                    "Sent back without resolution: %(reason)s", reason=reason
                ),
            )
            self.env["pcu.journal"]._log(resolution.entry_id, "resolution_sent_back")
        return True

    # ------------------------------------------------------------------ business

    @api.model
    def _pcu_get_open_work_domain(self):
        return Domain("state", "=", ASKED)

    def _check_turn(self):
        """Let only whose resolution it is act, and only once.

        :raise AccessError: it waits for somebody else
        :raise UserError: it was given already, or is no longer needed
        """
        self.check_access("read")
        # Two windows side by side: the later one sees what the earlier one did.
        self.sudo().lock_for_update()
        for resolution in self:
            if resolution.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(entry)s waits for the resolution of %(user)s. Nobody else "
                        "gives it; when they are absent, set their absence and the "
                        "substitute gets it.",
                        entry=resolution.entry_id.display_name,
                        user=resolution.user_id.name,
                    )
                )
            if resolution.state != ASKED:
                raise UserError(
                    self.env._(
                        "%(entry)s does not wait for a resolution any more. Open the "
                        "document to see where it is.",
                        entry=resolution.entry_id.display_name,
                    )
                )

    def _check_complete(self):
        if not (self.text or "").strip():
            raise UserError(self.env._("Write the resolution, or choose a phrase."))
        if not self.department_id:
            raise UserError(
                self.env._("Name the department that is responsible for the document.")
            )

    def _get_copies(self):
        """Return pairs (department, person) of who is told."""
        pairs = [(department, None) for department in self.info_department_ids]
        for user in self.info_user_ids:
            own = user.pcu_department_ids.filtered(
                lambda department: department.company_id == self.company_id
            )
            if not own:
                raise UserError(
                    self.env._(
                        "%(user)s works in no department and can't be informed.",
                        user=user.name,
                    )
                )
            pairs.append((own[0], user))
        return pairs

    def _end(self, state):
        # sudo: the state moves by acts whose right was checked
        self.sudo().write({"state": state, "ended_at": fields.Datetime.now()})
