"""Parties: who writes to the institution and whom it answers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .. import identity
from ..romania import comma_below, counted

NATURAL, LEGAL, AUTHORITY, PRESS, ANONYMOUS = (
    "natural", "legal", "authority", "press", "anonymous",
)  # fmt: skip
ORGANISATIONS = (LEGAL, AUTHORITY, PRESS)
#: Marks in the context under which a party's name has more to it.
DETAILED_NAMES = frozenset({
    "formatted_display_name", "partner_display_name_hide_company",
    "partner_show_db_id", "show_address", "show_email", "show_vat",
})  # fmt: skip


class ResPartner(models.Model):
    _inherit = "res.partner"

    pcu_party_kind = fields.Selection(
        selection=[
            (NATURAL, "Natural person"),
            (LEGAL, "Legal person"),
            (AUTHORITY, "Public authority"),
            (PRESS, "Press"),
            (ANONYMOUS, "Anonymous"),
        ],
        string="Kind of party",
    )
    pcu_cnp = fields.Char(
        string="CNP",
        index="btree_not_null",
        groups="pcu_base.group_user",
        copy=False,
        help="Personal numeric code, 13 digits.",
    )
    pcu_cnp_masked = fields.Char(
        string="CNP (masked)",
        compute="_compute_pcu_cnp_masked",
        groups="pcu_base.group_user",
    )
    pcu_cui = fields.Char(
        string="CUI",
        index="btree_not_null",
        groups="pcu_base.group_user",
        copy=False,
        help="Fiscal code of an organisation, with or without RO.",
    )
    pcu_identity_note = fields.Char(
        string="Identity as received",
        groups="pcu_base.group_user",
        copy=False,
        help="A CNP or CUI that came from outside and is not valid, kept as received.",
    )

    # Recognising a sender reads parties by mailbox; Odoo has no index for it.
    _pcu_email_idx = models.Index("(email_normalized) WHERE pcu_party_kind IS NOT NULL")

    @api.depends("pcu_cnp")
    def _compute_pcu_cnp_masked(self):
        for partner in self:
            partner.pcu_cnp_masked = identity.mask_cnp(partner.pcu_cnp or "")

    def _compute_display_name(self):
        """Take the stored name where no more is asked for.

        A page of the register names up to 160 parties; Odoo would fetch all the columns
        of each.
        """
        if self.env.context.keys() & DETAILED_NAMES:
            return super()._compute_display_name()
        self.fetch(["complete_name"])
        plain = self.filtered("complete_name")
        # All at once: setting them one by one takes longer than the query.
        self._fields["display_name"]._insert_cache(plain, plain.mapped("complete_name"))
        return super(ResPartner, self - plain)._compute_display_name()

    @api.constrains("pcu_cnp")
    def _check_pcu_cnp(self):
        for partner in self.filtered("pcu_cnp"):
            self._pcu_check_cnp(partner.pcu_cnp)

    @api.constrains("pcu_cui")
    def _check_pcu_cui(self):
        for partner in self.filtered("pcu_cui"):
            self._pcu_check_cui(partner.pcu_cui)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._pcu_compact(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._pcu_compact(vals))

    def _search_display_name(self, operator, value):
        """Find a party by its full CNP or CUI too, typed where a name is asked."""
        domain = super()._search_display_name(operator, value)
        code = identity.compact_cui(value) if isinstance(value, str) else ""
        if (
            domain is NotImplemented
            or operator not in ("ilike", "=")
            or not code.isdigit()
            or not self.env.user.has_group("pcu_base.group_user")
        ):
            return domain
        return (
            Domain(domain) | Domain("pcu_cnp", "=", code) | Domain("pcu_cui", "=", code)
        )

    @api.model
    def _pcu_compact(self, vals):
        """Store codes without the blanks and prefixes people write."""
        if vals.get("pcu_cnp"):
            vals = {**vals, "pcu_cnp": identity.compact(vals["pcu_cnp"])}
        if vals.get("pcu_cui"):
            vals = {**vals, "pcu_cui": identity.compact_cui(vals["pcu_cui"])}
        return vals

    @api.model
    def _pcu_check_cnp(self, number):
        """Raise with what is wrong with a CNP and what to do."""
        problem = identity.cnp_problem(number)
        if not problem:
            return
        masked = identity.mask_cnp(number)
        messages = {
            identity.FORMAT: self.env._(
                "The CNP %(cnp)s must hold digits only. Type it again.", cnp=masked
            ),
            identity.LENGTH: self.env._(
                "The CNP %(cnp)s has %(count)s digits instead of 13. "
                "Look for a missing or doubled digit.",
                cnp=masked,
                count=counted(len(number), self.env.lang),
            ),
            identity.DATE: self.env._(
                "The CNP %(cnp)s holds no valid birth date in digits 2 to 7 "
                "(year, month, day). Compare it with the identity card.",
                cnp=masked,
            ),
            identity.COUNTY: self.env._(
                "The CNP %(cnp)s holds no valid county code in digits 8 and 9. "
                "Compare it with the identity card.",
                cnp=masked,
            ),
            identity.CHECKSUM: self.env._(
                "The check digit of the CNP %(cnp)s does not match: a digit is "
                "wrong or two are swapped. Compare it with the identity card.",
                cnp=masked,
            ),
        }
        raise ValidationError(messages[problem])

    @api.model
    def _pcu_check_cui(self, number):
        """Raise with what is wrong with a CUI and what to do."""
        problem = identity.cui_problem(number)
        if not problem:
            return
        messages = {
            identity.FORMAT: self.env._(
                "The fiscal code %(cui)s must hold digits only, after an optional "
                "RO, and not begin with 0. Type it again.",
                cui=number,
            ),
            identity.LENGTH: self.env._(
                "The fiscal code %(cui)s must have 2 to 10 digits. "
                "Look for a missing or doubled digit.",
                cui=number,
            ),
            identity.CHECKSUM: self.env._(
                "The check digit of the fiscal code %(cui)s does not match: a digit "
                "is wrong or two are swapped. Compare it with the certificate.",
                cui=number,
            ),
        }
        raise ValidationError(messages[problem])

    @api.model
    def _pcu_find_or_create(self, values):
        """Give the party that the values of a sender stand for.

        Found by CNP, then by CUI, then by e-mail and name; otherwise created. A
        party that exists is never changed: what a clerk typed weighs more than
        what a form says. A wrong CNP or CUI refuses nothing, it is kept as a note.

        :param dict values: kind, name, first_name, last_name, cnp, cui, email,
            phone, street, city, county, company_id
        """
        vals = self._pcu_prepare_party_values(values)
        # sudo: registering must recognise a party whoever registers.
        partners_sudo = self.sudo().with_context(active_test=True)
        found = partners_sudo._pcu_find(vals)
        return (found or partners_sudo.create(vals)).sudo(self.env.su)

    def _pcu_find(self, vals):
        """Find a party of the institution, the oldest first."""
        own = Domain("company_id", "in", (False, vals["company_id"]))
        for code in ("pcu_cnp", "pcu_cui"):
            if vals[code]:
                found = self.search(
                    own & Domain(code, "=", vals[code]), order="id", limit=1
                )
                if found:
                    return found
        email = email_normalize(vals["email"])
        if not email or vals["pcu_party_kind"] == ANONYMOUS:
            return self.browse()
        key = identity.name_key(vals["name"])
        same_email = self.search(
            own
            & Domain("email_normalized", "=", email)
            & Domain("pcu_party_kind", "!=", False),
            order="id",
        )
        # Somebody with another CNP is somebody else, though they share a mailbox.
        return same_email.filtered(
            lambda p: (
                identity.name_key(p.name) == key
                and not (vals["pcu_cnp"] and p.pcu_cnp)
                and not (vals["pcu_cui"] and p.pcu_cui)
            )
        )[:1]

    @api.model
    def _pcu_prepare_party_values(self, values):
        """Turn what came from outside into values of a contact."""
        kind = values.get("kind") or (LEGAL if values.get("cui") else NATURAL)
        name = values.get("name") or " ".join(
            filter(None, (values.get("last_name"), values.get("first_name")))
        )
        cnp = identity.compact(values.get("cnp") or "")
        cui = identity.compact_cui(values.get("cui") or "")
        notes = []
        if cnp and identity.cnp_problem(cnp):
            notes.append(f"CNP: {values['cnp']}")
            cnp = ""
        if cui and identity.cui_problem(cui):
            notes.append(f"CUI: {values['cui']}")
            cui = ""
        # Cached; `env.ref` would ask the database at each of an import's parties.
        romania_id = self.env["ir.model.data"]._xmlid_to_res_id("base.ro")
        return {
            "name": comma_below(name or "").strip() or self.env._("Unnamed sender"),
            "pcu_party_kind": kind,
            "is_company": kind in ORGANISATIONS,
            "pcu_cnp": cnp or False,
            "pcu_cui": cui or False,
            "pcu_identity_note": ", ".join(notes) or False,
            "email": (values.get("email") or "").strip() or False,
            "phone": values.get("phone") or False,
            "street": comma_below(values.get("street") or "") or False,
            "city": comma_below(values.get("city") or "") or False,
            "state_id": self._pcu_find_county(values.get("county")).id,
            "country_id": romania_id,
            "company_id": values.get("company_id") or False,
        }

    @api.model
    def _pcu_unnamed_names(self):
        """Return what stands for the name of who gave none, in each language."""
        return [
            False,
            *(
                self.with_context(lang=lang).env._("Unnamed sender")
                for lang in ("en_US", "ro_RO")
            ),
        ]

    @api.model
    def _pcu_find_county(self, name):
        """Find a county by name or code, diacritics or not."""
        counties = self.env["res.country.state"]
        key = identity.name_key(name)
        if not key:
            return counties
        romanian = [("country_id", "=", self.env.ref("base.ro").id)]
        if exact := counties.search([*romanian, ("name", "=", name)], limit=1):
            return exact
        counties = counties.search(romanian)
        return counties.filtered(
            lambda c: key in (identity.name_key(c.name), identity.name_key(c.code))
        )[:1]
