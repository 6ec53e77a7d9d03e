"""The services a town hall offers: what each asks for, by when, under which law."""

from odoo import api, fields, models
from odoo.addons.pcu_base.models.pcu_term_type import TERM_UNITS
from odoo.exceptions import ValidationError


class PcuProcedure(models.Model):
    """A service under which a citizen files a request.

    The administrator keeps the catalogue. The law is data here: the term, its unit and
    its article are fields, computed by one kernel (``pcu_base.legal_terms``).
    """

    _name = "pcu.procedure"
    _description = "Procedure"
    _order = "name, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    # Identity
    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="The code under which public platforms name this procedure.",
    )
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=[("general", "General request")],
        string="Kind of request",
        required=True,
        default="general",
        help="Which law the requests of this procedure follow; modules add kinds.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    description = fields.Html()
    entitled = fields.Text(
        string="Who is entitled", help="Who may file, and under which conditions."
    )
    audience = fields.Selection(
        selection=[
            ("both", "Natural and legal persons"),
            ("natural", "Natural persons"),
            ("legal", "Legal persons"),
            ("institution", "Public institutions"),
        ],
        required=True,
        default="both",
    )
    modality = fields.Selection(
        selection=[
            ("national", "National"),
            ("cross_border", "National and cross-border"),
        ],
        string="Way of delivery",
        required=True,
        default="national",
        help="Whether the service is also open to providers of other member states "
        "(Directive 2006/123/EC).",
    )
    informational_only = fields.Boolean(
        help="The procedure is only described to citizens; requests under it are not "
        "launched on platforms.",
    )

    # Where its requests go
    department_id = fields.Many2one(
        comodel_name="pcu.department",
        check_company=True,
        index="btree_not_null",
        help="The department that solves requests under this procedure.",
    )
    register_id = fields.Many2one(
        comodel_name="pcu.register",
        string="Numbering register",
        check_company=True,
        help="The register that gives the number. Left empty, the general register of "
        "the institution is used.",
    )

    # What it asks for
    slot_ids = fields.One2many(
        comodel_name="pcu.procedure.slot",
        inverse_name="procedure_id",
        string="Documents asked for",
        copy=True,
    )

    # By when
    term_type_id = fields.Many2one(
        comodel_name="pcu.term.type",
        string="Legal term",
        index="btree_not_null",
        domain="[('duration', '>', 0)]",
        help="Fills in the fields below; it also says what makes the term longer and "
        "whether it stops while the applicant is asked.",
    )
    term_length = fields.Integer(
        string="Term",
        compute="_compute_term",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    term_unit = fields.Selection(
        selection=TERM_UNITS,
        compute="_compute_term",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    term_law = fields.Char(
        string="Law of the term",
        compute="_compute_term",
        store=True,
        readonly=False,
        precompute=True,
        help="The act and the article that set the term.",
    )
    completion_length = fields.Integer(
        string="Completion term",
        compute="_compute_completion",
        store=True,
        readonly=False,
        precompute=True,
        help="How long the citizen has to complete the file when something is missing.",
    )
    completion_unit = fields.Selection(
        selection=TERM_UNITS,
        compute="_compute_completion",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    notification_length = fields.Integer(
        string="Notification term",
        help="In how many days the applicant is told that the file is irregular or is "
        "sent elsewhere. 0: the law sets none.",
    )
    notification_unit = fields.Selection(
        selection=TERM_UNITS, required=True, default="calendar_days"
    )
    tacit_approval = fields.Boolean(
        compute="_compute_tacit_approval",
        store=True,
        readonly=False,
        precompute=True,
        help="Silence within the term means approval (OUG 27/2003).",
    )

    # What comes out
    output_ids = fields.One2many(
        comodel_name="pcu.procedure.output",
        inverse_name="procedure_id",
        string="Documents issued",
        copy=True,
    )
    validity_length = fields.Integer(
        string="Validity", help="How long the issued act is valid. 0: without limit."
    )
    validity_unit = fields.Selection(
        selection=[("days", "days"), ("months", "months"), ("years", "years")],
        required=True,
        default="months",
    )
    validity_note = fields.Char(
        string="Note on validity", help="From when it counts; how it is prolonged."
    )

    # Money, appeal, sources
    fee_ids = fields.One2many(
        comodel_name="pcu.procedure.fee",
        inverse_name="procedure_id",
        string="Fees",
        copy=True,
    )
    fee_note = fields.Char()
    appeal_note = fields.Text(
        string="Ways of appeal",
        help="Told to the citizen together with the decision.",
    )
    act_ids = fields.One2many(
        comodel_name="pcu.procedure.act",
        inverse_name="procedure_id",
        string="Legal acts",
        copy=True,
    )
    legal_basis = fields.Text(
        compute="_compute_legal_basis",
        store=True,
        readonly=False,
        help="As it stands in answers; filled in from the legal acts.",
    )
    contact_note = fields.Text(
        string="Contact", help="Where and when the applicant finds somebody to ask."
    )
    source_note = fields.Char(
        help="Where these facts come from, or what still has to be checked.",
    )

    # Statistics
    request_count = fields.Integer(compute="_compute_request_count")

    _code_uniq = models.UniqueIndex(
        "(company_id, code)", "Another procedure of this institution has this code."
    )
    _term_positive = models.Constraint(
        "CHECK(term_length > 0 AND completion_length >= 0)",
        "A term must be longer than zero.",
    )
    _lengths_not_negative = models.Constraint(
        "CHECK(coalesce(notification_length, 0) >= 0"
        " AND coalesce(validity_length, 0) >= 0)",
        "A length of time can't be negative.",
    )

    def _compute_request_count(self):
        """Count the open requests of each procedure that the user may see.

        The administrator keeps procedures and sees no requests.
        """
        requests = self.env["pcu.request"]
        counts = {}
        if requests.has_access("read"):
            domain = [("procedure_id", "in", self.ids), ("is_open", "=", True)]
            counts = dict(requests._read_group(domain, ["procedure_id"], ["__count"]))
        for procedure in self:
            procedure.request_count = counts.get(procedure, 0)

    @api.depends("term_type_id")
    def _compute_term(self):
        """Take the term from the catalogue; OG 27/2002 art. 8 where none is chosen."""
        for procedure in self:
            term = procedure.term_type_id
            if term:
                procedure.term_length = term.duration
                procedure.term_unit = term.unit
                procedure.term_law = term.law
            else:
                procedure.term_length = procedure.term_length or 30
                procedure.term_unit = procedure.term_unit or "free_days"
                procedure.term_law = procedure.term_law or "OG 27/2002 art. 8"

    @api.depends("term_type_id")
    def _compute_completion(self):
        """Take the time to complete the file from the catalogue, else ten days."""
        for procedure in self:
            term = procedure.term_type_id
            if term.completion_length:
                procedure.completion_length = term.completion_length
                procedure.completion_unit = term.completion_unit
            else:
                procedure.completion_length = procedure.completion_length or 10
                procedure.completion_unit = procedure.completion_unit or "calendar_days"

    @api.depends("term_type_id")
    def _compute_tacit_approval(self):
        """Whether silence is approval comes with the legal term."""
        for procedure in self:
            if procedure.term_type_id:
                procedure.tacit_approval = procedure.term_type_id.tacit_approval
            else:
                procedure.tacit_approval = procedure.tacit_approval

    @api.depends("act_ids.name", "act_ids.article")
    def _compute_legal_basis(self):
        """Name the acts with their articles, as an answer cites them."""
        for procedure in self:
            cited = "; ".join(act._cite() for act in procedure.act_ids if act.name)
            procedure.legal_basis = cited or procedure.legal_basis

    @api.depends("name", "code")
    def _compute_display_name(self):
        """Show the name; the code alone says nothing to a clerk."""
        for procedure in self:
            procedure.display_name = procedure.name

    @api.constrains("slot_ids")
    def _check_slot_codes(self):
        """A document code names one slot of the procedure."""
        for procedure in self:
            codes = procedure.slot_ids.mapped("code")
            if len(codes) != len(set(codes)):
                raise ValidationError(
                    self.env._(
                        "Procedure “%(name)s” has two documents with the same code. "
                        "Give each document its own code.",
                        name=procedure.name,
                    )
                )

    def action_open_requests(self):
        """Open the requests filed under this procedure."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_request_action"
        )
        return action | {"domain": [("procedure_id", "=", self.id)], "context": {}}

    @api.model
    def _find_by_code(self, code, company):
        """Return the institution's procedure with a platform's code, or none."""
        if not code:
            return self.browse()
        return self.search(
            [("code", "=", code), ("company_id", "=", company.id)], limit=1
        )
