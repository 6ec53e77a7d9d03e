"""Register entries: the rows of the book, with the legal columns."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError

from .. import year_lock

DRAFT, WAITING, REGISTERED = "draft", "waiting", "registered"
ROUTED, SOLVED, ANNULLED = "routed", "solved", "annulled"
STATES = [
    (DRAFT, "Draft"),
    (WAITING, "Waiting for its number"),
    (REGISTERED, "Registered"),
    (ROUTED, "Routed"),
    (SOLVED, "Solved"),
    (ANNULLED, "Annulled"),
]
TRANSITIONS = {
    DRAFT: {WAITING},
    # waiting → registered or routed is the numbering kernel's, in the database
    WAITING: set(),
    REGISTERED: {ROUTED, SOLVED, ANNULLED},
    ROUTED: {REGISTERED, ROUTED, SOLVED, ANNULLED},
    SOLVED: {ROUTED, ANNULLED},
    ANNULLED: set(),
}
DIRECTIONS = [
    ("incoming", "Incoming"),
    ("outgoing", "Outgoing"),
    ("internal", "Internal"),
    ("ex_officio", "Ex officio"),
]
CHANNELS = [
    ("counter", "Counter"),
    ("post", "Post"),
    ("courier", "Courier"),
    ("email", "E-mail"),
    ("fax", "Fax"),
    ("pcue", "PCUe"),
    ("roepas", "ROePAS"),
    ("portal", "Own portal"),
    ("audience", "Audience"),
    ("ex_officio", "Ex officio"),
]
DELIVERY_CHANNELS = [
    ("pickup", "Personal pick-up"),
    ("registered_post", "Registered post with confirmation"),
    ("courier", "Courier"),
    ("email", "E-mail"),
    ("pcue", "PCUe"),
    ("roepas", "ROePAS"),
    ("display", "Public display"),
    ("agent", "Procedural agent"),
]
CONFIDENTIALITY = [
    ("public", "Public"),
    ("internal", "Internal"),
    ("personal", "With personal data"),
    ("confidential", "Confidential"),
]
RESOLUTIONS = [
    ("favourable", "Favourable"),
    ("unfavourable", "Unfavourable"),
    ("partial", "Partly favourable"),
    ("redirected", "Redirected"),
    ("connected", "Connected"),
    ("filed_anonymous", "Filed – anonymous"),
    ("filed_repeated", "Filed – repeated"),
    ("filed_noted", "Filed – taken note of"),
    ("withdrawn", "Withdrawn"),
    ("returned_incomplete", "Incomplete – returned"),
    ("tacit_approval", "Tacitly approved"),
    ("without_object", "Without object"),
]
# Set by registering and frozen from then on, here and by a trigger in the database.
FROZEN_FIELDS = {
    "number",
    "reference",
    "registered_at",
    "registration_date",
    "register_id",
    "register_year_id",
    "year",
    "company_id",
    "origin_key",
    "direction",
    "answers_id",
    "range_id",
    "range_line",
    "occurred_at",
    "emergency_reason",
}
# Only the registry's own code fills these; never a form or a remote call.
PROTECTED_FIELDS = {
    "state",
    "number",
    "reference",
    "registered_at",
    "registration_date",
    "register_year_id",
    "year",
    "emergency_number",
    "entered_at",
    "origin_key",
    "closing_id",
    "held_since",
    "annulled_by_id",
    "annulled_at",
    "annulment_reason",
}
PROGRAM = object()
"""Context mark of the registry's own code; an object can't come through RPC."""


class PcuRegisterEntry(models.Model):
    """One row of a register: one document, one number, for ever.

    The clerk fills a draft and registers it; the row then waits for its number for
    the moment that the commit takes (``waiting``). Routing brings it to a department
    and a person, who solves it. What must go is annulled with a reason: the row stays
    readable and its number is never used again.
    """

    _name = "pcu.register.entry"
    _description = "Register entry"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin"]
    # As in the book, the newest first; what has no number yet stands above it, for an
    # empty value is the greatest: waiting ones above their day, drafts above all.
    _order = "registration_date desc, number desc, id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "summary"]
    _mail_post_access = "read"
    _check_company_auto = True

    # The number (column 1 and 2 of the legal register)
    register_id = fields.Many2one(
        comodel_name="pcu.register",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_register_id(),
    )
    register_year_id = fields.Many2one(
        comodel_name="pcu.register.year",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    year = fields.Integer(readonly=True, copy=False, aggregator=None)
    number = fields.Integer(
        string="Registration number", readonly=True, copy=False, aggregator=None
    )
    # Written by the numbering kernel together with the number.
    reference = fields.Char(
        string="Number and date", readonly=True, copy=False, index="btree_not_null"
    )
    registration_date = fields.Date(readonly=True, copy=False)
    registered_at = fields.Datetime(readonly=True, copy=False)
    origin_key = fields.Char(
        readonly=True,
        copy=False,
        help="The key under which another program registered this document; the same "
        "key is never registered twice.",
    )

    # The document (columns 3 to 8)
    external_number = fields.Char(string="Issuer's document number", tracking=True)
    external_date = fields.Date(string="Issuer's document date", tracking=True)
    page_count = fields.Integer(string="Sheets", aggregator="sum")
    annex_count = fields.Integer(string="Annexes", aggregator="sum")
    sender_id = fields.Many2one(
        comodel_name="res.partner", string="Issuer", index="btree_not_null",
        tracking=True,
    )  # fmt: skip
    summary = fields.Char(
        string="Summary of the content", index="trigram", tracking=True
    )

    # The way and the end (columns 9 to 14)
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        string="Department it was routed to",
        check_company=True,
    )
    sent_date = fields.Date(string="Date sent", copy=False, tracking=True)
    resolution = fields.Selection(
        RESOLUTIONS, string="Way of solving", copy=False, tracking=True
    )
    resolution_note = fields.Char(copy=False)
    recipient_id = fields.Many2one(
        comodel_name="res.partner", index="btree_not_null", tracking=True
    )
    connected_to_id = fields.Many2one(
        comodel_name="pcu.register.entry",
        string="Connected to",
        index="btree_not_null",
        copy=False,
        check_company=True,
        tracking=True,
        help="The first registered document of the same matter.",
    )
    connected_ids = fields.One2many(
        comodel_name="pcu.register.entry",
        inverse_name="connected_to_id",
        string="Connected entries",
    )
    file_code = fields.Char(help="Code of the file in the file plan, e.g. II/A/3.")

    # How it came and who may see it
    direction = fields.Selection(DIRECTIONS, default="incoming", required=True)
    channel = fields.Selection(CHANNELS, default="counter")
    delivery_channel = fields.Selection(DELIVERY_CHANNELS)
    confidentiality = fields.Selection(
        CONFIDENTIALITY, default="personal", required=True, tracking=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        default=lambda self: self.env.company,
    )
    holder_id = fields.Many2one(
        comodel_name="res.users", index="btree_not_null", copy=False
    )
    state = fields.Selection(
        STATES, default=DRAFT, required=True, readonly=True, group_expand=True
    )

    # Annulment
    annulment_reason = fields.Char(readonly=True, copy=False)
    annulled_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    annulled_at = fields.Datetime(readonly=True, copy=False)

    routing_ids = fields.One2many(comodel_name="pcu.routing", inverse_name="entry_id")

    _number_uniq = models.UniqueIndex(
        "(register_year_id, number) WHERE number IS NOT NULL AND answers_id IS NULL",
        "This number is already in the register.",
    )
    _origin_key_uniq = models.UniqueIndex(
        "(origin_key) WHERE origin_key IS NOT NULL AND state != 'draft'",
        "This document has already been registered.",
    )
    _number_with_state = models.Constraint(
        "CHECK((number IS NULL) = (state IN ('draft', 'waiting')))",
        "An entry has a number if and only if it is registered.",
    )
    _waiting_complete = models.Constraint(
        "CHECK(state = 'draft' OR (register_year_id IS NOT NULL AND registered_at IS "
        "NOT NULL AND registration_date IS NOT NULL AND year IS NOT NULL))",
        "A registered entry has its register year and date.",
    )
    _counts_positive = models.Constraint(
        "CHECK(page_count >= 0 AND annex_count >= 0)",
        "The number of sheets and annexes can't be negative.",
    )
    _waiting_idx = models.Index(
        "(register_year_id, registered_at, id) WHERE state = 'waiting'"
    )

    # ------------------------------------------------------------------ defaults

    @api.model
    def _default_register_id(self):
        return self.env["pcu.register"].search(
            [("company_id", "=", self.env.company.id), ("kind", "=", "general")],
            limit=1,
            order="id",
        )

    # ------------------------------------------------------------------ computes

    @api.depends("reference", "summary", "state", "register_id.code")
    def _compute_display_name(self):
        for entry in self:
            if entry.reference:
                entry.display_name = entry.reference
            elif entry.state == WAITING:
                # Goes into the journal, which holds no content.
                entry.display_name = self.env._(
                    "%(register)s: waiting for its number",
                    register=entry.register_id.code,
                )
            elif entry.summary:
                entry.display_name = self.env._(
                    "Not registered: %(summary)s", summary=entry.summary
                )
            else:
                entry.display_name = self.env._("New entry")

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts, lean: the journal says who and when, the chatter needn't."""
        if self.env.context.get("pcu_registry") is not PROGRAM:
            for vals in vals_list:
                self._refuse_protected(vals, draft=True)
        entries = super(
            PcuRegisterEntry, self.with_context(tracking_disable=True)
        ).create(vals_list)
        return entries.with_env(self.env)

    def write(self, vals):
        if self.env.context.get("pcu_registry") is not PROGRAM:
            self._refuse_protected(vals)
            self._refuse_moving(vals)
            if vals.keys() & FROZEN_FIELDS and any(e.state != DRAFT for e in self):
                raise UserError(
                    self.env._(
                        "A registered entry keeps its number, date, register and "
                        "direction. If it is wrong, annul it and register the document "
                        "again."
                    )
                )
        elif vals.get("state"):
            self._check_transition(vals["state"])
        result = super().write(vals)
        if "confidentiality" in vals:
            self._copy_routing_to_documents()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        if any(entry.state != DRAFT for entry in self):
            raise UserError(
                self.env._(
                    "A registered entry is never deleted. Annul it with a reason; the "
                    "row stays readable and its number isn't used again."
                )
            )

    @api.model
    def _get_protected_fields(self):
        """Name what only programs fill; whoever adds such columns extends it."""
        return PROTECTED_FIELDS

    def _refuse_protected(self, vals, draft=False):
        wrong = vals.keys() & self._get_protected_fields()
        if draft:
            wrong = {name for name in wrong if vals[name] and vals[name] != DRAFT}
        if wrong:
            self._refuse_by_hand()

    def _refuse_by_hand(self):
        raise UserError(
            self.env._(
                "Number, date and state of an entry come from its actions: "
                "register, route, solve, annul. They can't be written directly."
            )
        )

    def _refuse_moving(self, vals):
        """Keep what routing and solving say of registered entries to those acts.

        What floors above write as sudo is an act of theirs.
        """
        registered = self.filtered(lambda entry: entry.state != DRAFT)
        unsolved = registered.filtered(lambda entry: entry.state != SOLVED)
        if not self.env.su and (
            (registered and vals.keys() & {"department_id", "holder_id"})
            or (unsolved and vals.keys() & {"resolution", "resolution_note"})
        ):
            self._refuse_by_hand()

    def _check_transition(self, state):
        for entry in self:
            if state != entry.state and state not in TRANSITIONS[entry.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(entry)s is “%(old)s” and can't become “%(new)s”.",
                        entry=entry.display_name,
                        old=labels[entry.state],
                        new=labels[state],
                    )
                )

    def _sql_error_to_message(self, exc):
        """Say in words what a trigger refused."""
        messages = {
            "pcu_register_entry_frozen": self.env._(
                "A registered entry keeps its number, date and register, and an "
                "annulled one stays annulled."
            ),
            "pcu_register_entry_no_delete": self.env._(
                "A registered entry is never deleted. Annul it with a reason."
            ),
            year_lock.OTHER_REGISTER: self.env._(
                "The year belongs to another register. Choose a number range of this "
                "register, or take its next number."
            ),
            year_lock.CONSTRAINT: self.env._(
                "The register year is closed and locked: nothing is added to it and "
                "nothing registered in it changes. If it must be, the administrator "
                "opens the year again; the journal says who did."
            ),
        }
        return messages.get(exc.diag.constraint_name) or super()._sql_error_to_message(
            exc
        )

    def _programmatic(self):
        """Return self with the right to move states; for the registry's own code."""
        return self.with_context(pcu_registry=PROGRAM)

    # ------------------------------------------------------------------ actions

    @api.private
    def action_annul(self, reason):
        """Annul entries with a reason; their numbers are never used again."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why the entry is annulled; the reason stays with it.")
            )
        self.check_access("write")
        self._check_annullable()
        self._programmatic().write(
            {
                "state": ANNULLED,
                "annulment_reason": reason,
                "annulled_by_id": self.env.uid,
                "annulled_at": fields.Datetime.now(),
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        # sudo: an operator reads routings only
        self.sudo().routing_ids._end()
        self.env["pcu.journal"]._log(self, "entry_annulled", reason=reason)

    def _check_annullable(self):
        for entry in self:
            if entry.state == ANNULLED:
                raise UserError(
                    self.env._(
                        "%(entry)s was annulled already, by %(user)s on %(day)s: "
                        "%(reason)s",
                        entry=entry.display_name,
                        user=entry.annulled_by_id.name,
                        day=f"{local_day(entry.annulled_at):%d.%m.%Y}",
                        reason=entry.annulment_reason,
                    )
                )
            if entry.register_year_id.state == "closed":
                raise UserError(
                    self.env._(
                        "%(year)s is closed: nothing in it is annulled any more.",
                        year=entry.register_year_id.display_name,
                    )
                )

    @api.private
    def action_solve(self, resolution, note=None, sent_date=None, delivery=None):
        """Fill the last columns: how it was solved and when the answer left."""
        self._check_may_handle()
        values = {
            "state": SOLVED,
            "resolution": resolution,
            "resolution_note": note or False,
        }
        # What was sent already keeps its day when it is solved without one.
        if sent_date:
            values["sent_date"] = sent_date
        if delivery:
            values["delivery_channel"] = delivery
        # sudo: who holds the entry solves it without the right to edit the register
        entries_sudo = self.sudo()._programmatic()
        entries_sudo.write(values)
        entries_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        entries_sudo.routing_ids._close(solved=True)
        self.env["pcu.journal"]._log(self, "entry_solved", resolution=resolution)

    # ------------------------------------------------------------------ business

    def _is_registry(self):
        """Tell whether the user is the registry here: operator, or keeper of these."""
        user = self.env.user
        return (
            self.env.su
            or user.has_group("pcu_base.group_registry_operator")
            or (
                user.has_group("pcu_registry.group_register_keeper")
                and self.register_id <= user.pcu_kept_register_ids
            )
        )

    def _check_may_handle(self):
        """Let the registry, the holder and the department's people go on."""
        self.check_access("read")
        user = self.env.user
        inspector = user.has_group("pcu_base.group_inspector")
        departments = user.pcu_visible_department_ids
        for entry in self:
            mine = entry.holder_id == user or entry.department_id in departments
            if entry._is_registry() or (inspector and mine):
                continue
            raise UserError(
                self.env._(
                    "%(entry)s isn't with your department. Ask the registry to route "
                    "it to you.",
                    entry=entry.display_name,
                )
            )
