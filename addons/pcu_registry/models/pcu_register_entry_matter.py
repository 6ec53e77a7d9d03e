"""Connection: the documents of one matter stand with the first of them."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .pcu_register_entry import ANNULLED, PROGRAM


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    matter_ids = fields.Many2many(
        comodel_name="pcu.register.entry",
        string="Documents of the matter",
        compute="_compute_matter_ids",
        help="The first document, those connected to it and their replies.",
    )

    _connected_to_another = models.Constraint(
        "CHECK(connected_to_id <> id)", "An entry isn't connected to itself."
    )

    # ------------------------------------------------------------------ computes

    @api.depends(
        "connected_to_id", "connected_ids", "answers_id", "reply_ids", "number"
    )
    @api.depends_context("uid")
    def _compute_matter_ids(self):
        for entry in self:
            # sudo: the first may lie elsewhere; shown is what the user may read
            first_sudo = entry.sudo()._get_first_of_matter()
            main_sudo = first_sudo | first_sudo.connected_ids
            matter_sudo = (main_sudo | main_sudo.reply_ids).filtered("number")
            matter = matter_sudo.sudo(self.env.su)._filtered_access("read")
            entry.matter_ids = (
                matter.sorted(lambda each: (each.registered_at, each.id))
                if len(matter) > 1
                else False
            )

    # ------------------------------------------------------------------ constraints

    @api.constrains("connected_to_id")
    def _check_connected_to(self):
        """Keep a matter one row deep, with its first registered document on top."""
        # sudo: the first may lie elsewhere; its number is no secret
        for entry in self.sudo().filtered("connected_to_id"):
            first = entry.connected_to_id
            names = {"entry": entry.display_name, "first": first.display_name}
            if first == entry:
                wrong = self.env._(
                    "%(entry)s is the first document of that matter: it can't be "
                    "connected to itself or in a circle.",
                    **names,
                )
            elif entry.connected_ids:
                wrong = self.env._(
                    "%(entry)s is itself the first document of its matter: others are "
                    "connected to it. Connect those one by one to %(first)s first.",
                    **names,
                )
            elif first.connected_to_id or first.answers_id:
                wrong = self.env._(
                    "%(first)s isn't the first document of its matter.", **names
                )
            elif entry.registered_at and not first.registered_at:
                wrong = self.env._(
                    "%(first)s: nothing is connected to a document that isn't "
                    "registered.",
                    **names,
                )
            elif entry.registered_at and first.registered_at > entry.registered_at:
                wrong = self.env._(
                    "%(first)s was registered later than %(entry)s. Connect the later "
                    "document to the earlier one.",
                    **names,
                )
            else:
                continue
            raise ValidationError(wrong)

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_connectable(vals.get("connected_to_id"))
        return super().create([self._connect_to_first(vals) for vals in vals_list])

    def write(self, vals):
        self._check_connectable(vals.get("connected_to_id"))
        return super().write(self._connect_to_first(vals))

    @api.model
    def _connect_to_first(self, vals):
        """Let a connection to a connected document go to the first of its matter."""
        if not vals.get("connected_to_id"):
            return vals
        # sudo: the first one may lie with a department that the user doesn't see
        first_sudo = self.sudo().browse(vals["connected_to_id"])._get_first_of_matter()
        return dict(vals, connected_to_id=first_sudo.id)

    def _check_connectable(self, target_id):
        """Let nobody choose an annulled document as the one of the same matter.

        A matter goes on whose first document was annulled later: somebody chooses one
        of the others. What the program connects follows from the documents themselves.

        :raise UserError: for an annulled document
        """
        if self.env.su or self.env.context.get("pcu_registry") is PROGRAM:
            return
        # sudo: it may lie with a department that the user doesn't see
        target_sudo = self.sudo().browse(target_id or ())
        if target_sudo.state == ANNULLED:
            raise UserError(
                self.env._(
                    "%(entry)s is annulled; nothing is connected to it. Choose another "
                    "document of the same matter.",
                    entry=target_sudo.display_name,
                )
            )

    # ------------------------------------------------------------------ business

    def _get_first_of_matter(self):
        self.ensure_one()
        entry = self.answers_id or self
        return entry.connected_to_id or entry

    @api.private
    def action_connect(self, target):
        """Connect registered entries to the matter of another one.

        :param target: any document of the matter; the first one is found
        :raise UserError: for an entry that is connected already, or to an annulled one
        """
        self.check_access("write")
        self._check_connectable(target.id)
        for entry in self:
            if entry.connected_to_id:
                raise UserError(
                    self.env._(
                        "%(entry)s is connected to %(first)s already. Press “Correct” "
                        "to change that, and say why.",
                        entry=entry.display_name,
                        first=entry.connected_to_id.display_name,
                    )
                )
            if entry.register_year_id.state == "closed":
                raise UserError(
                    self.env._(
                        "The year of %(entry)s is closed; connect the later documents "
                        "to it instead.",
                        entry=entry.display_name,
                    )
                )
        self._programmatic().write({"connected_to_id": target.id})
        self.env["pcu.journal"]._log(
            self, "entry_connected", first=self.connected_to_id.display_name
        )
