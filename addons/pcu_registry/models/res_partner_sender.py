"""Senders as the counter looks them up: by any words of the name, by code, by e-mail.

The web client's own look-up asks five columns with ``ilike``; with the parties of a
large town that reads the whole table at each key. Under the context ``pcu_sender`` one
indexed question is asked instead.
"""

import re

from odoo import api, fields, models
from odoo.addons.pcu_base import identity
from odoo.addons.pcu_base.models.res_partner import LEGAL, NATURAL, ORGANISATIONS
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

ALIKE = 0.55
"""Similarity of two names, in trigrams, from which a clerk is asked to look."""
_CODE = re.compile(r"(?:RO)?\d{5,13}", re.IGNORECASE)


def _is_code(text):
    """Tell whether a text typed for a name is a CNP, a CUI, or looks like one."""
    return bool(_CODE.fullmatch(identity.compact(text)))


class ResPartner(models.Model):
    _inherit = "res.partner"

    pcu_name_key = fields.Char(
        string="Name for comparing",
        compute="_compute_pcu_name_key",
        store=True,
        groups="pcu_base.group_user",
        help="The words of the name in order of the alphabet, without diacritics.",
    )

    _pcu_name_key_idx = models.Index("USING gin (pcu_name_key gin_trgm_ops)")
    _pcu_street_idx = models.Index(
        "USING gin (unaccent(street) gin_trgm_ops) WHERE street IS NOT NULL"
    )
    # As those of pcu_base, but a sender typed at the counter has no kind yet.
    _pcu_mailbox_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    @api.depends("name")
    def _compute_pcu_name_key(self):
        for partner in self:
            partner.pcu_name_key = " ".join(identity.name_key(partner.name)) or False

    @api.depends_context("pcu_sender", "formatted_display_name")
    def _compute_display_name(self):
        """Tell namesakes apart in the look-up: code, e-mail and town in grey."""
        super()._compute_display_name()
        context = self.env.context
        if not (context.get("pcu_sender") and context.get("formatted_display_name")):
            return
        for partner in self:
            if note := partner._get_sender_note():
                partner.display_name = f"{partner.name} \t --{note}--"

    def _get_sender_note(self):
        """Return what tells this party from its namesakes; a CNP stays masked."""
        self.ensure_one()
        codes = self.env.user.has_group("pcu_base.group_user")
        return ", ".join(
            filter(
                None,
                (
                    codes and self.pcu_cnp_masked,
                    codes and self.pcu_cui,
                    self.email,
                    self.city,
                ),
            )
        )

    def _pcu_get_postal_address(self):
        """Return the address as it is written on an envelope, on one line."""
        self.ensure_one()
        lines = self._display_address(without_company=True).split("\n")
        return ", ".join(filter(None, (line.strip(" ,") for line in lines)))

    # ------------------------------------------------------------------ look-up

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Look a sender up by one indexed question; elsewhere as ever."""
        wanted = name and self.env.context.get("pcu_sender") and operator == "ilike"
        if not wanted:
            return super().name_search(name, domain, operator, limit)
        partners = self.search_fetch(
            Domain(domain or Domain.TRUE) & self._pcu_sender_domain(name),
            ["display_name"],
            limit=limit,
        )
        return [(partner.id, partner.display_name) for partner in partners.sudo()]

    @api.model
    def _pcu_sender_domain(self, text):
        """Return the question that a clerk's text asks.

        Who may not see codes (outside the town hall's staff) asks by name only.
        """
        text = text.strip()
        if "@" in text:
            mailbox = email_normalize(text) or text.lower()
            return Domain("email_normalized", "=", mailbox)
        staff = self.env.user.has_group("pcu_base.group_user")
        if staff and _is_code(text):
            code = identity.compact_cui(text)
            return Domain("pcu_cnp", "=", code) | Domain("pcu_cui", "=", code)
        words = identity.name_key(text)
        if not staff or not words:
            return Domain("complete_name", "ilike", text)
        return Domain.AND(Domain("pcu_name_key", "like", word) for word in words)

    @api.model
    def name_create(self, name):
        """Refuse to make a person whose name is a code that nobody has yet.

        At this kind of error the client opens the form of a new party instead.
        """
        if self.env.context.get("pcu_sender") and _is_code(name):
            raise ValidationError(
                self.env._(
                    "Nobody with the code %(code)s is known. Type the name, or choose "
                    "“Create and edit” and fill in name and code.",
                    code=identity.mask_cnp(identity.compact(name)),
                )
            )
        return super().name_create(name)

    # ------------------------------------------------------------------ new parties

    @api.model
    def default_get(self, fields):
        """Take a code that was typed where a name is asked as what it is."""
        values = super().default_get(fields)
        name = values.get("name")
        if not (self.env.context.get("pcu_sender") and name and _is_code(name)):
            return values
        del values["name"]
        code = identity.compact_cui(name)
        if code == identity.compact(name) and len(code) == identity.CNP_LENGTH:
            known = {"pcu_party_kind": NATURAL, "pcu_cnp": code}
        else:
            known = {"pcu_party_kind": LEGAL, "pcu_cui": code, "is_company": True}
        return values | {key: known[key] for key in known if key in fields}

    @api.onchange("pcu_party_kind")
    def _onchange_pcu_party_kind(self):
        if self.pcu_party_kind:
            self.is_company = self.pcu_party_kind in ORGANISATIONS

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._check_name_is_no_code()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            self._check_name_is_no_code()
        return result

    def _check_name_is_no_code(self):
        """Keep codes out of names, where they would stand unmasked on every page.

        What a platform or an old register brings is taken as it came; that's why this
        is no constraint: those don't know who writes.
        """
        if self.env.su:
            return
        at_counter = self.env.context.get("pcu_sender")
        for partner in self.filtered(lambda p: at_counter or p.pcu_party_kind):
            if _is_code(partner.name):
                raise ValidationError(
                    self.env._(
                        "%(code)s is a code, not a name. Write the name of the person "
                        "or organisation, and the code under CNP or CUI.",
                        code=identity.mask_cnp(identity.compact(partner.name)),
                    )
                )

    def action_forget_unused(self):
        """Drop parties that this clerk made a moment ago and that nothing uses.

        The counter makes a party as soon as a new name is typed; when the known party
        is taken instead, the new one would stay behind for ever. Whatever is older,
        somebody else's or in use is left alone.
        """
        moment = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        made = self.exists().filtered(
            lambda party: (
                party.create_uid == self.env.user and party.create_date >= moment
            )
        )
        # sudo: clerks delete no parties, but this one is their own slip of the hand
        for party_sudo in made.sudo():
            if not party_sudo._pcu_is_used():
                party_sudo.unlink()
        return True

    def _pcu_is_used(self):
        """Look into every table of the database that refers to parties."""
        self.ensure_one()
        self.env.flush_all()
        references = self.env["base.partner.merge.automatic.wizard"]._get_fk_on(
            self._table
        )
        return any(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s = %s%s LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    self.id,
                    # Each party is its own commercial entity.
                    SQL(" AND id <> %s", self.id) if table == self._table else SQL(),
                )
            )
            for table, column in references
        )

    # ------------------------------------------------------------------ twins

    def _pcu_find_twin(self):
        """Return the known party that this one looks like, the most alike first.

        By code, then mailbox, then name: word order, case, diacritics and hyphens
        don't matter, a mistyped letter little.
        """
        self.ensure_one()
        others = Domain("id", "!=", self._origin.id) & Domain(
            "company_id", "in", (False, self.env.company.id)
        )
        for name in ("pcu_cnp", "pcu_cui", "email_normalized"):
            if value := self[name]:
                twin = self.search(
                    others & Domain(name, "=", value), order="id", limit=1
                )
                if twin:
                    return twin
        if not self.pcu_name_key:
            return self.browse()
        self.flush_model(["pcu_name_key"])
        query = self._search(others)
        key = SQL.identifier(self._table, "pcu_name_key")
        # The operator uses the index; its limit holds for this transaction only.
        self.env.cr.execute(
            SQL(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)",
                str(ALIKE),
            )
        )
        query.add_where(SQL("%s %% %s", key, self.pcu_name_key))
        query.order = SQL(
            "similarity(%s, %s) DESC, %s",
            key, self.pcu_name_key, SQL.identifier(self._table, "id"),
        )  # fmt: skip
        query.limit = 1
        return self.browse(query)
