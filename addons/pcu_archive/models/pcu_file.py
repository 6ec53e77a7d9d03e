"""Files (*dosare*): the yearly files under each code, volume by volume."""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import local_day
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import retention

OPEN, CLOSED, ARCHIVED = "open", "closed", "archived"
TRANSFERRED, DESTROYED = "transferred", "destroyed"
STATES = [
    (OPEN, "Open"),
    (CLOSED, "Closed"),
    (ARCHIVED, "In the archive"),
    (TRANSFERRED, "Handed to the National Archives"),
    (DESTROYED, "Destroyed"),
]
TRANSITIONS = {
    OPEN: {CLOSED},
    CLOSED: {OPEN, ARCHIVED},
    ARCHIVED: {TRANSFERRED, DESTROYED},
    TRANSFERRED: set(),
    DESTROYED: set(),
}
# What the file is doesn't change once papers lie in it.
IDENTITY_FIELDS = {"classification_id", "department_id", "year", "volume"}
# What the archivist may still write when the file lies in the archive.
SHELF_FIELDS = {"location", "note", "event_date"}


class PcuFile(models.Model):
    """One volume of the papers of a year under a code: what an inventory lists.

    Opened by the first document solved under the code; closed by the department
    after the year's end; handed over to the archive in the second year.
    """

    _name = "pcu.file"
    _description = "File"
    _inherit = ["pcu.archive.guarded"]
    _order = "year desc, sort_key, department_id, volume"
    _rec_names_search = ["code", "name"]
    _protected_fields = frozenset({"state", "closed_at", "closed_by_id"})

    classification_id = fields.Many2one(
        comodel_name="pcu.classification",
        string="Code of the file plan",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    code = fields.Char(related="classification_id.code", store=True, index=True)
    sort_key = fields.Char(related="classification_id.sort_key", store=True)
    name = fields.Char(
        string="Content",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda _self: local_day().year,
    )
    volume = fields.Integer(required=True, default=1, aggregator=None)
    state = fields.Selection(STATES, default=OPEN, required=True, readonly=True)
    closed_at = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)

    # What the inventory says about it
    first_date = fields.Date(string="First date", copy=False)
    last_date = fields.Date(string="Last date", copy=False)
    sheet_count = fields.Integer(string="Sheets", copy=False, aggregator="sum")
    note = fields.Char(string="Remarks", copy=False)
    location = fields.Char(copy=False, help="Room, shelf and box.")
    entry_ids = fields.One2many(
        comodel_name="pcu.register.entry", inverse_name="file_id", string="Documents"
    )
    entry_count = fields.Integer(
        string="Registered documents", compute="_compute_entry_count"
    )

    # How long it is kept
    retention_kind = fields.Selection(
        related="classification_id.retention_kind", string="Kept for", store=True
    )
    retention_years = fields.Integer(
        related="classification_id.retention_years", store=True, aggregator=None
    )
    retention_label = fields.Char(related="classification_id.retention_label")
    event_date = fields.Date(
        string="Date of the event",
        copy=False,
        help="The day of the event from which the years are counted.",
    )
    ends_on = fields.Date(
        string="Selection from",
        compute="_compute_ends_on",
        store=True,
        index="btree_not_null",
        help="The first day on which the file may be selected; empty for permanent "
        "files and while the event has not happened.",
    )

    _volume_uniq = models.UniqueIndex(
        "(classification_id, year, COALESCE(department_id, 0), volume)",
        "This volume of the file exists already.",
    )
    _one_open = models.UniqueIndex(
        "(classification_id, year, COALESCE(department_id, 0)) WHERE state = 'open'",
        "A volume of this file is open already; close it first.",
    )
    _counts_positive = models.Constraint(
        "CHECK (sheet_count >= 0 AND volume > 0 AND year BETWEEN 1800 AND 2200)",
        "Sheets, volume and year must be possible.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (first_date <= last_date)", "The first date is after the last one."
    )

    # ------------------------------------------------------------------ computes

    @api.depends("classification_id")
    def _compute_name(self):
        for file in self:
            file.name = file.classification_id.name

    @api.depends("code", "year", "volume", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for file in self:
            file.display_name = self.env._(
                "%(code)s/%(year)s vol. %(volume)s – %(name)s",
                code=file.code or "",
                year=file.year,
                volume=file.volume,
                name=file.name or "",
            )

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        # sudo: how many documents lie in a file is no secret, which ones may be
        counts = dict(
            self.env["pcu.register.entry"]
            .sudo()
            ._read_group([("file_id", "in", self.ids)], ["file_id"], ["__count"])
        )
        for file in self:
            file.entry_count = counts.get(file.sudo(), 0)

    @api.depends("retention_kind", "retention_years", "year", "event_date")
    def _compute_ends_on(self):
        for file in self:
            file.ends_on = file.retention_kind and retention.ends_on(
                file.retention_kind, file.retention_years, file.year, file.event_date
            )

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        if self._is_program() and vals.get("state"):
            self._check_transition(vals["state"])
        return super().write(vals)

    def _explain_guard(self):
        return self.env._(
            "A file is opened, closed, handed over and selected by its actions; its "
            "state can't be written directly."
        )

    def _check_change(self, vals):
        if vals.keys() & IDENTITY_FIELDS and any(f.entry_ids for f in self.sudo()):
            raise UserError(
                self.env._(
                    "Documents lie in this file already; its code, year, volume "
                    "and department stay."
                )
            )
        self._refuse_in_archive(vals)

    def _refuse_in_archive(self, vals):
        if vals.keys() - SHELF_FIELDS and any(
            file.state not in (OPEN, CLOSED) for file in self
        ):
            raise UserError(
                self.env._(
                    "The file was handed over to the archive as the inventory lists "
                    "it; only its place, the event and the remarks can still change."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(file.state != OPEN or file.entry_ids for file in self.sudo()):
            raise UserError(
                self.env._(
                    "Only an empty open file can be deleted. Whatever lay in a file "
                    "leaves it by selection or transfer."
                )
            )

    def _check_transition(self, state):
        for file in self:
            if state != file.state and state not in TRANSITIONS[file.state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(file)s is “%(old)s” and can't become “%(new)s”.",
                        file=file.display_name,
                        old=labels[file.state],
                        new=labels[state],
                    )
                )

    # ------------------------------------------------------------------ actions

    def action_close(self):
        """Close volumes: count their sheets and dates from what was registered."""
        self._check_may_close()
        files_sudo = self.sudo()  # a head closes without the archivist's rights
        extremes = files_sudo._read_extremes()
        for file in files_sudo:
            first, last, sheets = extremes.get(file, (False, False, 0))
            values = {
                "state": CLOSED,
                "closed_at": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
                "first_date": file.first_date or first,
                "last_date": file.last_date or last,
                "sheet_count": file.sheet_count or sheets,
            }
            if not (values["first_date"] and values["last_date"]):
                raise UserError(
                    self.env._(
                        "%(file)s is empty. Fill in the first and the last date of "
                        "the papers in it, or delete the file.",
                        file=file.display_name,
                    )
                )
            file._as_program().write(values)
        self.env["pcu.journal"]._log(self, "file_closed")
        return True

    def action_reopen(self):
        """Open a closed volume again, as long as it is not in the archive."""
        self._check_may_close()
        self.sudo()._as_program().write(
            {"state": OPEN, "closed_at": False, "closed_by_id": False}
        )
        self.env["pcu.journal"]._log(self, "file_reopened")
        return True

    def action_next_volume(self):
        """Close this volume and open the next one of the same file."""
        self.ensure_one()
        self._check_may_close()
        if self.state == OPEN:
            self.action_close()
            self.flush_recordset()
        following = self.sudo()._open_volume(
            self.classification_id, self.department_id, self.year
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "view_mode": "form",
        }

    def action_open_entries(self):
        """Open the registered documents that lie in the file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "pcu.register.entry",
            "view_mode": "list,form",
            "domain": [("file_id", "=", self.id)],
        }

    # ------------------------------------------------------------------ business

    def _check_may_close(self):
        """Let the archive, the registry and the department's people close a file."""
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_groups(
            "pcu_archive.group_archivist,pcu_base.group_registry_operator"
        ):
            return
        own = user.pcu_visible_department_ids
        if not user.has_group("pcu_base.group_inspector") or (
            self.department_id - own or self.filtered(lambda f: not f.department_id)
        ):
            raise UserError(
                self.env._(
                    "A file is closed by its own department, the registry or the "
                    "archivist."
                )
            )

    def _read_extremes(self):
        """Return first date, last date and sheets of each file from the register."""
        return {
            file: (first, last, sheets)
            for file, first, last, sheets in self.env["pcu.register.entry"]._read_group(
                [("file_id", "in", self.ids)],
                ["file_id"],
                ["registration_date:min", "registration_date:max", "page_count:sum"],
            )
        }

    @api.model
    def _get_open(self, classification, department, year):
        """Return the open volume under a code; open the next one when there is none."""
        return self.search(
            Domain("classification_id", "=", classification.id)
            & Domain("department_id", "=", department.id)
            & Domain("year", "=", year)
            & Domain("state", "=", OPEN)
        ) or self._open_volume(classification, department, year)

    @api.model
    def _open_volume(self, classification, department, year):
        """Open the next volume; two at once end as one.

        ``ON CONFLICT`` makes the second of two writers wait, and if the first wins,
        PostgreSQL reports a serialization failure that Odoo retries.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO pcu_file (classification_id, department_id, year, volume,
                    company_id, state, name, code, sort_key, retention_kind,
                    retention_years, ends_on, sheet_count,
                    create_uid, create_date, write_uid, write_date)
                SELECT c.id, %(department)s, %(year)s, 1 + COALESCE((
                        SELECT max(f.volume) FROM pcu_file f
                         WHERE f.classification_id = c.id AND f.year = %(year)s
                           AND f.department_id IS NOT DISTINCT FROM %(department)s), 0),
                       c.company_id, 'open', c.name, c.code, c.sort_key,
                       c.retention_kind, c.retention_years, %(ends_on)s, 0,
                       %(uid)s, now() at time zone 'UTC',
                       %(uid)s, now() at time zone 'UTC'
                  FROM pcu_classification c WHERE c.id = %(classification)s
                ON CONFLICT DO NOTHING RETURNING id
                """,
                classification=classification.id,
                department=department.id or None,
                year=year,
                ends_on=retention.ends_on(
                    classification.retention_kind, classification.retention_years, year
                ),
                uid=self.env.uid,
            )
        )
        return self.browse(rows[0]) if rows else self._get_open(
            classification, department, year
        )  # fmt: skip
