"""The journal: who did what, when and why; rows are added and nothing else.

Rows are inserted without a digest, because chaining at insert would make every
writer wait for every other. ``_seal`` chains what is committed afterwards, in one
short transaction of its own. A row changed or removed behind the program's back
breaks the chain at that place; see ``journal_chain``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.modules import module
from psycopg2.extras import execute_values

from .. import guards, journal_chain
from ..identity import mask_cnps

SEAL_BATCH = 2000
# One seal at a time, over all workers ("pcu.journal" in ASCII, cut to 8 bytes).
SEAL_LOCK = int.from_bytes(b"pcu.jour", "big")


class PcuJournal(models.Model):
    """One act: registering, annulling, routing, deciding, configuring...

    Never holds the content of a document nor a CNP.
    """

    _name = "pcu.journal"
    _description = "Journal"
    _order = "id desc"
    _log_access = False
    _rec_name = "res_label"

    at = fields.Datetime(string="When", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Who", required=True, readonly=True,
        ondelete="restrict", index=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", readonly=True,
        ondelete="restrict", index=True,
    )  # fmt: skip
    action = fields.Char(string="Code", required=True, readonly=True, index=True)
    action_label = fields.Char(string="Act", compute="_compute_labels")
    model = fields.Char(readonly=True)
    model_label = fields.Char(string="Kind of record", compute="_compute_labels")
    res_id = fields.Many2oneReference(
        string="Record id", model_field="model", readonly=True, aggregator=None
    )
    res_label = fields.Char(string="Record", readonly=True)
    res_name = fields.Char(
        string="Number or name",
        compute="_compute_res_name",
        search="_search_res_name",
        help="What the record is called, also where it got its number only after the "
        "act was written down.",
    )
    reason = fields.Char(readonly=True)
    data = fields.Json(readonly=True)
    data_text = fields.Text(string="Details", compute="_compute_data_text")
    # The chain
    sequence = fields.Integer(string="Position", readonly=True, aggregator=None)
    digest = fields.Char(readonly=True)
    previous_digest = fields.Char(readonly=True)

    _res_idx = models.Index("(model, res_id)")
    _unsealed_idx = models.Index("(id) WHERE digest IS NULL")
    _sequence_uniq = models.UniqueIndex("(sequence) WHERE sequence IS NOT NULL")

    def init(self):
        self.env.cr.execute(guards.JOURNAL)

    @api.depends("action", "model")
    @api.depends_context("lang")
    def _compute_labels(self):
        labels = self._get_action_labels()
        for row in self:
            row.action_label = labels.get(row.action, row.action)
            row.model_label = (
                # sudo: the name of a kind of record is no secret.
                self.env["ir.model"].sudo()._get(row.model).name
                if row.model in self.env
                else row.model
            )

    @api.model
    def _get_action_labels(self):
        """Name the acts in the user's language; each module adds its own."""
        return {
            "document_damaged": self.env._("Stored file damaged"),
            "database_confirmed": self.env._("Database confirmed"),
            "exported": self.env._("Table exported"),
            "absence_set": self.env._("Absence set"),
            "absence_began": self.env._("Absence began"),
            "absence_ended": self.env._("Absence ended"),
            "absence_cancelled": self.env._("Absence cancelled"),
            "work_moved": self.env._("Work moved to the substitute"),
            "work_given_back": self.env._("Work given back"),
        }

    @api.depends("model", "res_id", "res_label")
    def _compute_res_name(self):
        later = self._get_later_names()
        for row in self:
            row.res_name = later.get((row.model, row.res_id)) or row.res_label

    def _search_res_name(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        return Domain("res_label", "ilike", value) | self._find_later_names(value)

    def _get_later_names(self):
        """Return names that records got after an act on them was written down.

        :return: names by (model, id)
        """
        return {}

    @api.model
    def _find_later_names(self, value):
        """Return the rows of records whose later name begins so."""
        return Domain.FALSE

    @api.depends("data")
    def _compute_data_text(self):
        for row in self:
            row.data_text = "\n".join(
                f"{key}: {value}" for key, value in (row.data or {}).items()
            )

    def write(self, vals):
        if self:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_journal(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "The journal can only be added to. "
                "What was recorded stays as it was recorded."
            )
        )

    # ------------------------------------------------------------------
    # Adding
    # ------------------------------------------------------------------

    @api.model
    def _log(self, records, action, reason=None, **data):
        """Record an act on each of the records (or one row for none).

        :param records: recordset of any model; its display name is kept as label
        :param str action: code of the act, e.g. "registered"
        :param data: details that survive as JSON; never a CNP, never content
        """
        common = {
            "at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "action": action,
            "model": records._name,
            "reason": reason and mask_cnps(reason),
            "data": _scrub(data) or False,
        }
        # sudo: everybody's acts are recorded, nobody may write the journal.
        return self.sudo().create(
            [
                {
                    **common,
                    "res_id": record.id,
                    "res_label": mask_cnps(record.sudo().display_name or ""),
                    "company_id": self._get_company(record).id,
                }
                for record in records
            ]
            or [{**common, "company_id": self.env.company.id}]
        )

    @api.model
    def _get_company(self, record):
        if record._name == "res.company":
            return record
        if "company_id" in record._fields:
            return record.sudo().company_id or self.env.company
        return self.env.company

    # ------------------------------------------------------------------
    # Chaining
    # ------------------------------------------------------------------

    @api.model
    def _seal(self):
        """Chain all committed rows that are not chained yet; give their number.

        In a test everything happens on the test's cursor.
        """
        self.env.flush_all()
        if module.current_test:
            return self._seal_batch(self.env.cr)
        total = 0
        while True:
            with self.env.registry.cursor() as cr:
                # Each statement must see what committed while we waited.
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                count = self._seal_batch(cr)
            total += count
            if count < SEAL_BATCH:
                return total

    @api.model
    def _seal_batch(self, cr):
        cr.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        cr.execute(
            """SELECT sequence, digest FROM pcu_journal
               WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1"""
        )
        sequence, previous = cr.fetchone() or (0, journal_chain.GENESIS)
        cr.execute(
            """SELECT id, at, user_id, company_id, action, model, res_id, res_label,
                      reason, data
               FROM pcu_journal WHERE digest IS NULL ORDER BY id LIMIT %s""",
            [SEAL_BATCH],
        )
        links = []
        for row in cr.dictfetchall():
            sequence += 1
            digest = journal_chain.digest(previous, {**row, "sequence": sequence})
            links.append((row["id"], sequence, previous, digest))
            previous = digest
        if links:
            execute_values(
                cr._obj,
                """UPDATE pcu_journal j
                   SET sequence = v.sequence, previous_digest = v.previous,
                       digest = v.digest
                   FROM (VALUES %s) AS v (id, sequence, previous, digest)
                   WHERE j.id = v.id""",
                links,
                page_size=SEAL_BATCH,
            )
            self.invalidate_model(["sequence", "previous_digest", "digest"])
        return len(links)

    @api.model
    def _cron_seal(self):
        self._seal()

    @api.model
    def _verify_chain(self):
        """Give the first row that does not fit the chain, or nothing.

        A missing row shows as the one after it. Read in batches, so that years of
        acts fit in memory.
        """
        self.env.flush_all()
        position, previous = 0, journal_chain.GENESIS
        while True:
            self.env.cr.execute(
                """SELECT id, at, user_id, company_id, action, model, res_id,
                          res_label, reason, data, sequence, digest, previous_digest
                   FROM pcu_journal WHERE sequence > %s ORDER BY sequence LIMIT %s""",
                [position, SEAL_BATCH],
            )
            rows = self.env.cr.dictfetchall()
            for row in rows:
                position += 1
                if (
                    row["sequence"] != position
                    or row["previous_digest"] != previous
                    or row["digest"] != journal_chain.digest(previous, row)
                ):
                    return self.browse(row["id"])
                previous = row["digest"]
            if not rows:
                return self.browse()

    def action_verify_chain(self):
        """Check the whole journal and say what was found."""
        self.env["pcu.journal"].check_access("read")
        # sudo: the chain runs through all institutions.
        broken_sudo = self.sudo()._verify_chain()
        if broken_sudo:
            message = self.env._(
                "The journal was changed at position %(position)s "
                "(%(label)s). Keep the database as it is and call the administrator.",
                position=broken_sudo.sequence,
                label=broken_sudo.res_label or broken_sudo.action,
            )
        else:
            message = self.env._("The journal is complete and unchanged.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if broken_sudo else "success",
                "sticky": bool(broken_sudo),
                "message": message,
            },
        }


def _scrub(value):
    """Mask CNPs and turn dates into text, in whatever shape details come."""
    if isinstance(value, dict):
        return {str(key): _scrub(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_scrub(each) for each in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return mask_cnps(str(value))
