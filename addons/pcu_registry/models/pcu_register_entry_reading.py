"""Reading entries: what a page or a form shows is fetched at once."""

from itertools import starmap

from odoo import api, models
from odoo.tools import SQL

RULED_BY = ("company_id", "confidentiality", "department_id", "holder_id")
"""What the record rules look at; see ``search_fetch``."""
NAMED_BY = {
    "pcu.department": ("name", "company_id"),
    "pcu.register": ("name", "code"),
    "res.company": ("name",),
    "res.partner": ("complete_name", "name"),
    "res.users": ("partner_id",),
}
"""The columns that the names of whom and what an entry points to are made of."""
EMPTY = {
    "char": False,
    "date": False,
    "datetime": False,
    "integer": 0,
    "many2one": False,
    "selection": False,
    "text": False,
}
"""The types that are read as they lie in the cache, and what stands for nothing."""


class PcuRegisterEntry(models.Model):
    _inherit = "pcu.register.entry"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Fetch with a page what its rules look at.

        Reading checks the rules row by row; where their columns aren't there, that
        fetches every column of every row.
        """
        if not field_names:
            return super().search_fetch(domain, field_names, offset, limit, order)
        fetched = [*field_names, *RULED_BY]
        if offset:
            # Rows that are passed over are counted in the index, not read.
            query = self._search(domain, offset, limit, order or self._order)
            entries = self.browse(query.get_result_ids())
            entries.fetch(fetched)
        else:
            entries = super().search_fetch(domain, fetched, offset, limit, order)
        entries._fetch_names(field_names)
        return entries

    @api.readonly
    def web_read(self, specification):
        """Fetch at once what the form of one entry shows; a page is there already."""
        entry = self._origin
        if len(entry) == 1:
            entry._fetch_form([name for name in specification if name in self._fields])
        return super().web_read(specification)

    def _read_format(self, fnames, load="_classic_read"):
        """Read a page column by column from the cache, where all of it lies by now.

        Odoo asks each field of each row for its value: a third of a page's time. Rights
        were looked at when the page was fetched.
        """
        if load or len(self) < 2 or self.env.transaction.tocompute:
            return super()._read_format(fnames, load)
        columns = {name: self._get_column(self._fields[name]) for name in fnames}
        columns = {name: column for name, column in columns.items() if column}
        rows = super()._read_format([n for n in fnames if n not in columns], load)
        for row in rows:
            for name, column in columns.items():
                row[name] = column[row["id"]]
        return rows

    def _get_column(self, field):
        """Return the values of a field by id; nothing where it must be asked."""
        if field.type not in EMPTY or getattr(field, "translate", False):
            return None
        cache, empty = field._get_cache(self.env), EMPTY[field.type]
        try:
            return {
                id_: empty if (value := cache[id_]) is None else value
                for id_ in self._ids
            }
        except KeyError:
            return None

    def _fetch_form(self, field_names):
        columns = [n for n in field_names if self._fields[n].type != "one2many"]
        if self._determine_fields_to_fetch(columns, ignore_when_in_cache=True):
            self.fetch([*columns, *RULED_BY, "create_uid"])
            self._fetch_names([*columns, "create_uid"])
            self._skip_empty_parts(field_names)

    def _fetch_names(self, field_names):
        """Fetch all the names that a page or a form shows with one query."""
        named = self._get_named(field_names)
        if not named:
            return
        users = SQL("%s::int[]", named.get("res.users", []))
        # The name of a user is that of a party.
        parties = SQL(
            "%s::int[] || ARRAY(SELECT partner_id FROM res_users WHERE id = ANY(%s))",
            named.pop("res.partner", []),
            users,
        )
        wanted = {model: SQL("%s::int[]", ids) for model, ids in named.items()}
        wanted["res.partner"] = parties
        [answer] = self.env.execute_query(
            SQL("SELECT %s", SQL(", ").join(starmap(self._sql_names, wanted.items())))
        )
        for model, rows in zip(wanted, answer, strict=True):
            if not rows:
                continue
            ids, *columns = zip(*rows, strict=True)
            records = self.env[model].browse(ids)
            for name, column in zip(NAMED_BY[model], columns, strict=True):
                records._fields[name]._insert_cache(records, column)

    def _get_named(self, field_names):
        """Return the ids of the records, by model, to which these fields point."""
        named = {}
        for name in field_names:
            field = self._fields[name]
            if field.type == "many2one" and field.comodel_name in NAMED_BY:
                # sudo: who reads an entry reads the names in it
                named.setdefault(field.comodel_name, []).extend(self.sudo()[name].ids)
        return {model: ids for model, ids in named.items() if ids}

    def _sql_names(self, model, ids):
        """Say in SQL what the names of these records of a model are made of."""
        model = self.env[model]
        columns = [
            SQL.identifier(name, to_flush=model._fields[name])
            for name in ("id", *NAMED_BY[model._name])
        ]
        return SQL(
            "(SELECT json_agg(json_build_array(%s)) FROM %s WHERE id = ANY(%s))",
            SQL(", ").join(columns),
            SQL.identifier(model._table),
            ids,
        )

    def _skip_empty_parts(self, field_names):
        """Look once which lists hang on an entry, and read only those.

        Most entries have few of the many that a form can show, and each that is
        empty would cost a query of its own.
        """
        self.ensure_one()
        shown = {
            dotted.split(".", 1)[0]
            for name in field_names
            for dotted in (name, *self.pool.field_depends[self._fields[name]])
        }
        parts = [self._fields[name] for name in sorted(shown)]
        parts = [
            part
            for part in parts
            if part.type == "one2many"
            and self.env[part.comodel_name]._fields[part.inverse_name].column_type
        ]
        if not parts:
            return
        [found] = self.env.execute_query(
            SQL("SELECT %s", SQL(", ").join(map(self._sql_has_part, parts)))
        )
        for part, exists in zip(parts, found, strict=True):
            if not exists:
                part._insert_cache(self, [()])

    def _sql_has_part(self, part):
        """Say in SQL whether anything hangs on this entry, readable or not."""
        lines = self.env[part.comodel_name]
        inverse = lines._fields[part.inverse_name]
        return SQL(
            "EXISTS (SELECT FROM %s WHERE %s = %s)",
            SQL.identifier(lines._table),
            SQL.identifier(lines._table, inverse.name, to_flush=inverse),
            self.id,
        )
