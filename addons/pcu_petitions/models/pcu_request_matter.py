"""Several petitions about one matter: connected, or filed as a repetition.

The program only suggests; a person compares and decides. OG 27/2002 art. 10: petitions
of one petitioner about the same problem are connected and get one answer that refers to
all of them; what comes again after it is filed, with a note at the first number.
"""

from odoo import api, fields, models
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import UserError
from odoo.tools import SQL

from .pcu_request import CONNECTED_LAW, REPEATED_LAW

#: How alike two subjects are before one is suggested (pg_trgm, 0 to 1).
ALIKE = 0.3
MOST_SUGGESTIONS = 5


class PcuRequest(models.Model):
    """Connected and repeated petitions."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.request"  # by topic: no file over 500 lines

    similar_ids = fields.Many2many(
        comodel_name="pcu.request",
        string="Perhaps the same matter",
        compute="_compute_similar_ids",
        help="Petitions of the same petitioner with a similar subject.",
    )
    main_request_id = fields.Many2one(
        comodel_name="pcu.request",
        string="Answered with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The first petition of the matter; its answer settles this one too.",
    )
    joined_request_ids = fields.One2many(
        comodel_name="pcu.request",
        inverse_name="main_request_id",
        string="Connected petitions",
    )
    repeats_id = fields.Many2one(
        comodel_name="pcu.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The answered petition whose content came again.",
    )
    repeated_by_ids = fields.One2many(
        comodel_name="pcu.request", inverse_name="repeats_id", string="Came again as"
    )

    # ------------------------------------------------------------------ suggestions

    @api.depends("applicant_id", "subject", "observations", "kind", "state")
    @api.depends_context("uid")
    def _compute_similar_ids(self):
        """Look for the same petitioner and alike words; only open ones are compared."""
        for request in self:
            request.similar_ids = (
                request._find_same_matter()
                if request.state in rs.OPEN_STATES
                else self.browse()
            )

    def _find_same_matter(self):
        """Return petitions that a person should compare with this one."""
        self.ensure_one()
        party = self.applicant_id._origin
        # A platform knows no subject; what the citizen wrote is compared then.
        words = self.subject or self.observations
        if self.kind != "petition" or not party or not words or self.is_anonymous:
            return self.browse()
        self.env["pcu.request"].flush_model(
            ["subject", "observations", "applicant_id", "kind"]
        )
        alike = SQL(
            "similarity(pcu_search_plain(coalesce(r.subject, r.observations)),"
            " pcu_search_plain(%s))",
            words,
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id FROM pcu_request r
                 WHERE r.applicant_id = ANY(%(parties)s)
                   AND r.company_id = %(company)s AND r.kind = 'petition'
                   AND r.registration_date IS NOT NULL AND r.id <> %(self)s
                   AND r.main_request_id IS NULL AND r.repeats_id IS NULL
                   AND %(alike)s >= %(least)s
                 ORDER BY %(alike)s DESC, r.id LIMIT %(most)s
                """,
                parties=self._find_same_people(party).ids,
                company=self.company_id.id,
                self=self._origin.id or 0,
                alike=alike,
                least=ALIKE,
                most=MOST_SUGGESTIONS,
            )
        )
        return self.browse(row[0] for row in rows)._filtered_access("read")

    @api.model
    def _find_same_people(self, party):
        """Return the party with its twins: same CNP, CUI or e-mail."""
        # sudo: twins are compared by codes that not everybody reads
        party_sudo = party.sudo()
        same = [
            [(name, "=", party_sudo[name])]
            for name in ("pcu_cnp", "pcu_cui", "email_normalized")
            if party_sudo[name]
        ]
        found = party_sudo.search(fields.Domain.OR(same)) if same else party_sudo
        return found | party_sudo

    # ------------------------------------------------------------------ actions

    def action_same_matter(self):
        """Open the dialog that connects a petition or files it as repeated."""
        self._check_can_solve()
        return self._open_wizard("pcu_petitions.pcu_petition_match_action")

    def _check_same_matter(self, first):
        """Refuse what OG 27/2002 doesn't let stand together."""
        self.ensure_one()
        wrong = False
        names = {"request": self.display_name, "first": first.display_name}
        if self.state not in rs.OPEN_STATES or not self.entry_number:
            wrong = self.env._("%(request)s isn't open in the register.", **names)
        elif first == self or not first.entry_number:
            wrong = self.env._("Choose another petition that has its number.", **names)
        elif first.kind != self.kind or first.company_id != self.company_id:
            wrong = self.env._(
                "%(first)s isn't a petition to this institution.", **names
            )
        elif first.main_request_id or first.repeats_id:
            wrong = self.env._(
                "%(first)s was itself joined to an earlier petition; choose that one.",
                **names,
            )
        elif self._came_before(first):
            wrong = self.env._(
                "%(first)s came later; join the later petition to the earlier one.",
                **names,
            )
        elif self.joined_request_ids:
            wrong = self.env._(
                "Other petitions are connected to %(request)s; join them one by one.",
                **names,
            )
        if wrong:
            raise UserError(wrong)

    def _connect_petition(self, first):
        """Join a petition to an earlier open one of the same petitioner.

        OG 27/2002 art. 10 (1): the petitioner gets one answer, within the first term.
        """
        self._check_can_solve()
        self._check_same_matter(first)
        if first.state not in rs.OPEN_STATES:
            raise UserError(
                self.env._(
                    "%(first)s has been answered already; %(request)s is a repeated "
                    "petition then (%(law)s).",
                    first=first.display_name,
                    request=self.display_name,
                    law=REPEATED_LAW,
                )
            )
        if not self._is_same_petitioner(first):
            raise UserError(
                self.env._(
                    "%(first)s comes from another petitioner; only petitions of the "
                    "same one are connected (%(law)s).",
                    first=first.display_name,
                    law=CONNECTED_LAW,
                )
            )
        # The right was checked above; the course of a request is written by actions.
        self.sudo().main_request_id = first
        self._join_entries(first)
        self._file_away(
            "connected",
            self.env._(
                "Connected to %(first)s, answered together (%(law)s)",
                first=first.entry_reference,
                law=CONNECTED_LAW,
            ),
        )
        self.env["pcu.journal"]._log(
            self, "petition_connected", first=first.entry_reference
        )
        self._note_at_first(
            first,
            self.env._(
                "Petition %(request)s was connected; the answer refers to it too "
                "(%(law)s).",
                request=self.entry_reference,
                law=CONNECTED_LAW,
            ),
        )

    def _file_repeated(self, first):
        """File a petition whose content was answered before.

        OG 27/2002 art. 10 (2): also when an authority that was addressed wrongly sends
        it; a note is made at the first number.
        """
        self._check_can_solve()
        self._check_same_matter(first)
        if not first._was_answered():
            raise UserError(
                self.env._(
                    "%(first)s has not been answered yet; connect %(request)s to it "
                    "instead (%(law)s).",
                    first=first.display_name,
                    request=self.display_name,
                    law=CONNECTED_LAW,
                )
            )
        if not (self._is_same_petitioner(first) or self.received_from_id):
            raise UserError(
                self.env._(
                    "%(first)s comes from another petitioner: %(request)s is no "
                    "repetition and gets its own answer.",
                    first=first.display_name,
                    request=self.display_name,
                )
            )
        self.sudo().repeats_id = first
        self._join_entries(first)
        self._file_away(
            "repeated",
            self.env._(
                "Repeats %(first)s, answered on %(day)s (%(law)s)",
                first=first.entry_reference,
                day=first.answered_on.strftime("%d.%m.%Y"),
                law=REPEATED_LAW,
            ),
        )
        self.env["pcu.journal"]._log(
            self, "petition_repeated", first=first.entry_reference
        )
        self._note_at_first(
            first,
            self.env._(
                "Petition %(request)s came with the same content; it was filed, as "
                "the answer has been given (%(law)s).",
                request=self.entry_reference,
                law=REPEATED_LAW,
            ),
        )

    # ------------------------------------------------------------------ business

    def _is_same_petitioner(self, other):
        """Tell whether two petitions come from one person."""
        return other.applicant_id in self._find_same_people(self.applicant_id).sudo(
            self.env.su
        )

    def _came_before(self, other):
        """Tell whether this petition was registered earlier than another one."""
        # sudo: the moment of a registration is no secret
        return self.sudo().entry_id.registered_at < (
            other.sudo().entry_id.registered_at
        )

    def _was_answered(self):
        """Tell whether the petitioner got an answer, and not only a filing."""
        return self.state in (rs.DECIDED, rs.CLOSED) and self.outcome not in (
            False,
            "closed",
        )

    def _join_entries(self, first):
        """Write column 13 of the register: the number it is connected to."""
        if not self.entry_id.connected_to_id:
            # sudo: who solves the petition doesn't edit the register at large
            self.sudo().entry_id.action_connect(first.sudo().entry_id)

    def _note_at_first(self, first, text):
        """Leave the note of art. 10 on the file and on the row of the first one."""
        # sudo: the first petition may lie with another department
        for record in (first.sudo(), first.sudo().entry_id):
            record.message_post(body=text, subtype_xmlid="mail.mt_note")
