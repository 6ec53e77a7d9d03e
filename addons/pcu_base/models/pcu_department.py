"""Departments of the institution: who works where and who stands in for whom."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PcuDepartment(models.Model):
    """A unit that solves requests: it has a head, substitutes and members.

    Record rules follow departments, so every change of the tree or of its
    people clears the cache behind ``res.users._pcu_department_ids_of``.
    """

    _name = "pcu.department"
    _description = "Department"
    _parent_store = True
    _order = "code, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True, help="The department's code in the file plan, e.g. URB."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        comodel_name="pcu.department",
        string="Parent department",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        comodel_name="pcu.department", inverse_name="parent_id", string="Subordinates"
    )
    # People
    head_id = fields.Many2one(comodel_name="res.users", index="btree_not_null")
    substitute_ids = fields.Many2many(
        comodel_name="res.users",
        relation="pcu_department_substitute_rel",
        column1="department_id",
        column2="user_id",
        string="Substitutes",
        help="They stand in for the head and see the same work.",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="pcu_department_member_rel",
        column1="department_id",
        column2="user_id",
        string="Members",
    )
    # Contact
    email = fields.Char()
    phone = fields.Char()

    _code_uniq = models.UniqueIndex(
        "(company_id, code)",
        "Another department of the institution already has this code. "
        "Choose another code.",
    )

    def _compute_display_name(self):
        """Fetch what lists and the journal show of departments, and no more."""
        self.fetch(["name", "company_id"])
        return super()._compute_display_name()

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        self._clear_visibility_cache()
        return departments

    def write(self, vals):
        if vals.get("parent_id"):
            self._check_parent(vals["parent_id"])
        result = super().write(vals)
        if vals.keys() & self._get_visibility_fields():
            self._clear_visibility_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self._clear_visibility_cache()
        return result

    def _get_people(self):
        """Return members, head and substitutes: whoever may hold its work."""
        return self.member_ids | self.head_id | self.substitute_ids

    def _check_parent(self, parent_id):
        """Refuse a cycle before the ORM does, in words a clerk understands."""
        below = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        if parent_id in below.ids:
            raise ValidationError(
                self.env._(
                    "A department cannot stand below itself. "
                    "Choose another parent department."
                )
            )

    @api.model
    def _get_visibility_fields(self):
        """Name the fields that decide who sees which department's work."""
        return {"parent_id", "head_id", "substitute_ids", "member_ids", "active"}

    @api.model
    def _clear_visibility_cache(self):
        """Forget who sees what, in this worker and in the others."""
        self.env.registry.clear_cache()
        self.env["res.users"].invalidate_model(
            ["pcu_visible_department_ids", "pcu_headed_department_ids"]
        )
