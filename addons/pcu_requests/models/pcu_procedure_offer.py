"""A procedure that somebody offers: the ready-made set, a platform's catalogue.

What is offered, what a person accepted of it, and onto which of the institution's own
procedures it falls. Accepting is a person's act; a refresh only shows what changed.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .. import catalogue
from ..procedure_content import LISTS, digest
from .pcu_procedure_publishing import LINES

READY = "ready"


class PcuProcedureOffer(models.Model):
    """One line of the mapping.

    *New* until it is accepted; *accepted*; *changed* when the source says something
    else by now; *gone* when the source doesn't offer it any more; *ignored* because a
    person said so. The administrator maps and accepts.
    """

    _name = "pcu.procedure.offer"
    _description = "Offered procedure"
    _order = "source, code, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", string="Institution", required=True, readonly=True
    )
    source = fields.Char(string="Key of the source", required=True, readonly=True)
    source_label = fields.Char(string="Source", readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    content = fields.Json(required=True, readonly=True)
    accepted = fields.Json(readonly=True, help="What a person accepted of it last.")
    present = fields.Boolean(default=True, readonly=True)
    ignored = fields.Boolean(readonly=True)
    refreshed_at = fields.Datetime(string="Last seen", readonly=True)
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("changed", "Changed at the source"),
            ("accepted", "Accepted"),
            ("gone", "No longer offered"),
            ("ignored", "Ignored"),
        ],
        compute="_compute_state",
        store=True,
    )
    to_verify = fields.Boolean(
        compute="_compute_offered",
        help="From general knowledge of the field: check it against the act.",
    )
    offered_term = fields.Char(string="Term offered", compute="_compute_offered")

    # Onto what it falls here
    procedure_id = fields.Many2one(
        comodel_name="pcu.procedure",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="The institution's own procedure; empty: accepting makes a new one.",
    )
    department_id = fields.Many2one(
        comodel_name="pcu.department", check_company=True, ondelete="set null"
    )
    term_type_id = fields.Many2one(
        comodel_name="pcu.term.type",
        string="Legal term",
        domain="[('duration', '>', 0)]",
        ondelete="set null",
        help="The term in our catalogue of the law; it counts more than the number "
        "that the source gives.",
    )
    difference_html = fields.Html(
        string="What accepting changes",
        compute="_compute_difference_html",
        sanitize=False,
    )

    _source_code_uniq = models.UniqueIndex(
        "(company_id, source, code)", "This source offers the procedure already."
    )

    @api.depends("content", "accepted", "present", "ignored")
    def _compute_state(self):
        for offer in self:
            if offer.ignored:
                offer.state = "ignored"
            elif not offer.present:
                offer.state = "gone"
            elif not offer.accepted:
                offer.state = "new"
            elif digest(offer.accepted) == digest(offer.content):
                offer.state = "accepted"
            else:
                offer.state = "changed"

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_offered(self):
        """Show what matters of the content in the list."""
        units = dict(
            self.env["pcu.procedure"]
            ._fields["term_unit"]
            ._description_selection(self.env)
        )
        for offer in self:
            content = offer.content or {}
            offer.to_verify = catalogue.VERIFY in (content.get("source_note") or "")
            offer.offered_term = content.get("term_type_id")
            if length := content.get("term_length"):
                unit = units.get(content.get("term_unit"), "")
                offer.offered_term = f"{length} {unit}"

    @api.depends("content", "procedure_id", "term_type_id")
    @api.depends_context("lang")
    def _compute_difference_html(self):
        """Tell what accepting would change in the institution's procedure."""
        versions = self.env["pcu.procedure.version"]
        for offer in self:
            procedure, after = offer.procedure_id, offer._get_offered_content()
            if not procedure:
                offer.difference_html = versions._tell_differences({}, after)
                continue
            before = procedure._get_content()
            touched = {name: before.get(name) for name in after}
            for part, key in LISTS.items():
                if part in after:
                    ours = {line[key]: line for line in before[part]}
                    # A field the source says nothing of stays as it is.
                    after[part] = [ours.get(x[key], {}) | x for x in after[part]]
            offer.difference_html = versions._tell_differences(touched, after)

    # ------------------------------------------------------------------
    # Coming in
    # ------------------------------------------------------------------

    @api.model
    def _check_administrator(self):
        if not self.env.user.has_group("pcu_base.group_admin"):
            raise AccessError(
                self.env._("Only the administrator takes over procedures.")
            )

    @api.model
    def action_open_ready_made(self):
        """Show the ready-made procedures, read anew from their file."""
        self._check_administrator()
        company = self.env.company
        label = self.env._("Ready-made set")
        self._refresh(company, READY, label, catalogue.read_ready_made())
        return self._open(READY)

    @api.model
    def _open(self, source):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_procedure_offer_action"
        )
        return action | {
            "domain": [
                ("source", "=", source),
                ("company_id", "=", self.env.company.id),
            ]
        }

    @api.model
    def _refresh(self, company, source, label, raws):
        """Take over what a source offers now; accept nothing.

        :param str source: names the source for ever
        :param raws: contents as they came, hostile (see ``catalogue.clean``)
        :return: how many offers could be read, and how many could not
        """
        contents, unusable = {}, 0
        for raw in raws[: catalogue.MOST]:
            try:
                content = catalogue.clean(raw)
            except (catalogue.UnusableError, AttributeError):
                unusable += 1
                continue
            hint = catalogue.text(raw.get("department"))
            contents.setdefault(content["code"], (content, hint))
        # sudo: offers are written by sources only; whoever asks was checked
        offers = self.sudo().with_company(company)
        domain = [("company_id", "=", company.id), ("source", "=", source)]
        known = {offer.code: offer for offer in offers.search(domain)}
        for code, offer in known.items():
            if code not in contents and offer.present:
                offer.present = False
        now = fields.Datetime.now()
        new = []
        for code, (content, hint) in contents.items():
            values = {
                "name": content["name"],
                "content": content,
                "present": True,
                "refreshed_at": now,
                "source_label": label,
            }
            if code in known:
                known[code].write(values)
                continue
            keys = {"company_id": company.id, "source": source, "code": code}
            new.append(values | keys | offers._suggest(company, content, hint))
        offers.create(new)
        return len(contents), unusable + max(0, len(raws) - catalogue.MOST)

    @api.model
    def _suggest(self, company, content, hint):
        """Propose procedure, department and term for an offer seen first."""
        procedure = self.env["pcu.procedure"]._find_by_code(content["code"], company)
        department = procedure.department_id
        if not department and hint:
            department = department.search(
                [("company_id", "=", company.id), ("name", "ilike", hint)],
                limit=1,
            )
        term = procedure.term_type_id
        if not term and (named := content.get("term_type_id")):
            term = term.search([("code", "=", named)], limit=1)
        elif not term and (length := content.get("term_length")):
            # The same code is the same term only if the law's number agrees.
            same = [("code", "=", content["code"]), ("duration", "=", length)]
            term = term.search(same, limit=1)
        return {
            "procedure_id": procedure.id,
            "department_id": department.id,
            "term_type_id": term.id,
        }

    # ------------------------------------------------------------------
    # Accepting
    # ------------------------------------------------------------------

    def action_accept(self):
        """Show what accepting the chosen offers will do."""
        self._check_administrator()
        usable = self.filtered("present")
        if not usable:
            raise UserError(self.env._("Choose at least one offered procedure."))
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_requests.pcu_procedure_adopt_action"
        )
        return action | {"context": {"default_offer_ids": usable.ids}}

    def action_ignore(self):
        """Put offers aside; the same button brings them back."""
        self._check_administrator()
        for offer in self.sudo():
            offer.ignored = not offer.ignored
        return True

    def _get_offered_content(self):
        """Return the content, with the term of our catalogue where one is chosen."""
        self.ensure_one()
        content = dict(self.content)
        if self.term_type_id:
            content |= self.term_type_id._prepare_rule()
            content["term_type_id"] = self.term_type_id.code
        return content

    def _accept(self):
        """Bring each offer into its procedure; returns the procedures."""
        self._check_administrator()
        procedures = self.env["pcu.procedure"]
        for offer in self:
            procedure = offer._write_procedure()
            procedures |= procedure
            # sudo: what was accepted is not written by hand
            offer.sudo().write(
                {
                    "accepted": offer.content,
                    "procedure_id": procedure.id,
                    "ignored": False,
                }
            )
            self.env["pcu.journal"]._log(
                procedure, "procedure_adopted", source=offer.source, code=offer.code
            )
        return procedures

    def _write_procedure(self):
        """Create or change the institution's procedure."""
        self.ensure_one()
        content, procedure = self._get_offered_content(), self.procedure_id
        term = self.env["pcu.term.type"].search(
            [("code", "=", content.pop("term_type_id", None))], limit=1
        )
        if procedure:
            content.pop("code")  # ours stays: platforms name it by that one
        lines = {
            LINES[part]: self._prepare_lines(part, content.pop(part))
            for part in LISTS
            if part in content
        }
        values = content | lines | {"company_id": self.company_id.id}
        if term:
            values["term_type_id"] = term.id
        if self.department_id:
            values["department_id"] = self.department_id.id
        if not procedure:
            return procedure.create(values)
        procedure.write(values)
        return procedure

    def _prepare_lines(self, part, rows):
        """Return the commands that make the lines of a list what is offered."""
        key, ours = LISTS[part], {}
        for line in self.procedure_id[LINES[part]]:
            ours[line[key]] = line
        commands = [
            Command.delete(line.id)
            for name, line in ours.items()
            if name not in {row[key] for row in rows}
        ]
        for number, row in enumerate(rows, 1):
            values = row | {"sequence": 10 * number}
            known = ours.get(row[key])
            commands.append(
                Command.update(known.id, values) if known else Command.create(values)
            )
        return commands
