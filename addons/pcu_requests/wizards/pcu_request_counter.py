"""A request that a clerk enters at the counter for a citizen, on one screen."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PcuRequestCounter(models.TransientModel):
    """What the citizen at the counter asks, with the papers just scanned.

    It goes the way of a platform's submission: ``pcu.request._file`` registers it, owes
    the e-mail with the number, and lays the checklist out.
    """

    _name = "pcu.request.counter"
    _description = "Request at the counter"

    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        default=lambda self: self.env.company,
    )
    applicant_id = fields.Many2one(comodel_name="res.partner", required=True)
    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    representative = fields.Char()
    email = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        help="Where the applicant is told about this request.",
    )
    phone = fields.Char(compute="_compute_contact", store=True, readonly=False)
    observations = fields.Text(string="What the applicant asks")
    confidential = fields.Boolean()
    file_ids = fields.Many2many(comodel_name="ir.attachment", string="Documents")
    line_ids = fields.One2many(
        comodel_name="pcu.request.counter.file",
        inverse_name="counter_id",
        string="Which document is which",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    missing_text = fields.Char(string="Still missing", compute="_compute_missing_text")
    request_id = fields.Many2one(comodel_name="pcu.request", readonly=True)

    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name the screen, which has no name of its own."""
        self.display_name = self.env._("Request at the counter")

    @api.depends("applicant_id")
    def _compute_contact(self):
        """Offer the addresses that the institution knows already."""
        for wizard in self:
            wizard.email = wizard.applicant_id.email or wizard.email
            wizard.phone = wizard.applicant_id.phone or wizard.phone

    @api.depends("file_ids", "procedure_id")
    def _compute_line_ids(self):
        """Give each file a line, and guess its place from its name."""
        for wizard in self:
            known = {line.attachment_id._origin: line for line in wizard.line_ids}
            slots = wizard.procedure_id.slot_ids
            files = wizard.file_ids._origin
            commands = [
                Command.unlink(line.id)
                for file, line in known.items()
                if file not in files
            ]
            for file in files:
                if file not in known:
                    slot = slots._guess_for(file.name)
                    commands.append(
                        Command.create({"attachment_id": file.id, "slot_id": slot.id})
                    )
                elif known[file].slot_id not in slots:
                    known[file].slot_id = slots._guess_for(file.name)
            wizard.line_ids = commands

    @api.depends("procedure_id", "line_ids.slot_id")
    def _compute_missing_text(self):
        """Tell the citizen at once what is still to be brought."""
        for wizard in self:
            asked = wizard.procedure_id.slot_ids.filtered("mandatory")
            missing = asked - wizard.line_ids.slot_id
            wizard.missing_text = ", ".join(missing.mapped("name"))

    def action_register(self):
        """File the request and open it; a second click opens the same one."""
        self.ensure_one()
        self.lock_for_update()
        if not self.request_id:
            if not self.procedure_id.active:
                raise UserError(
                    self.env._("This procedure is no longer offered: choose another.")
                )
            self.request_id = self.env["pcu.request"]._file(self._prepare_filing())
        return {
            "type": "ir.actions.act_window",
            "res_model": "pcu.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }

    def _prepare_filing(self):
        """Say it in the words of a submission."""
        documents, places = self.env["pcu.document"], []
        for line in self.line_ids:
            documents |= documents._create_from_attachments(
                line.attachment_id,
                {"kind": "received", "company_id": self.company_id.id},
            )
            places.append(line.slot_id.code)
        return {
            "company_id": self.company_id.id,
            "applicant_id": self.applicant_id.id,
            "procedure_id": self.procedure_id.id,
            "representative": self.representative,
            "email": self.email,
            "phone": self.phone,
            "observations": self.observations,
            "confidential": self.confidential,
            "channel": "counter",
            "documents": documents,
            "slots": places,
        }
