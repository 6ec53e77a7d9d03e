"""Turning the lines of an old register into entries with their own numbers."""

from datetime import date, datetime, time

from odoo import models
from odoo.addons.pcu_registry import numbering
from odoo.addons.pcu_registry.models.pcu_register_entry import REGISTERED, SOLVED
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2 import DatabaseError, OperationalError

from ..register_lines import plain

NOON_UTC = time(10)
"""An old line has a day and no hour."""
ORGANISATION_WORDS = frozenset({
    "sc", "srl", "sa", "asociatia", "fundatia", "primaria", "consiliul", "directia",
    "inspectoratul", "agentia", "ministerul", "judecatoria", "tribunalul",
    "prefectura", "politia", "banca",
})  # fmt: skip


class PcuIntakeImport(models.Model):
    _inherit = "pcu.intake.import"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------ years

    def _open_years(self):
        """Open the years of the file and move their counters behind its numbers.

        Done before the first line, so that whoever registers meanwhile gets a number
        after the last of the old book.
        """
        for year, (first, last) in (self.year_bounds or {}).items():
            # sudo: the counter is moved by the program only
            register_year = self.sudo().register_id._year_for(date(int(year), 1, 1))
            self.env.execute_query(
                SQL(
                    """UPDATE pcu_register_year
                          SET opening_number = CASE WHEN last_number < opening_number
                                  THEN %(first)s
                                  ELSE LEAST(opening_number, %(first)s) END,
                              last_number = GREATEST(last_number, %(last)s)
                        WHERE id = %(id)s RETURNING id""",
                    first=first,
                    last=last,
                    id=register_year.id,
                )
            )
            register_year.invalidate_recordset(flush=False)

    def _refuse_taken(self, lines):
        """Refuse numbers that the register has, or can't take any more."""
        self.env.flush_all()
        by_year = {}
        for number, line in lines:
            by_year.setdefault(line.day.year, []).append((number, line))
        good, refused = [], []
        for year, of_year in by_year.items():
            closed, first_own, taken = self._look_up_year(
                year, [line.number for _number, line in of_year]
            )
            for number, line in of_year:
                if closed:
                    refused.append((number, "year_closed", str(year)))
                elif line.number in taken:
                    refused.append((number, "taken", str(line.number)))
                elif first_own and line.number >= first_own:
                    refused.append((number, "after_own", str(line.number)))
                else:
                    good.append((number, line))
        return good, refused

    def _look_up_year(self, year, numbers):
        """Return whether a year is closed, its first own number, and what is taken."""
        rows = self.env.execute_query(
            SQL(
                """SELECT y.state = 'closed', LEAST(
                           (SELECT min(e.number) FROM pcu_register_entry e
                             WHERE e.register_year_id = y.id AND e.import_id IS NULL),
                           (SELECT min(g.first_number) FROM pcu_register_range g
                             WHERE g.register_year_id = y.id)),
                          ARRAY(SELECT e.number FROM pcu_register_entry e
                                 WHERE e.register_year_id = y.id
                                   AND e.number = ANY(%(numbers)s))
                     FROM pcu_register_year y
                    WHERE y.register_id = %(register)s AND y.year = %(year)s""",
                register=self.register_id.id,
                year=year,
                numbers=numbers,
            )
        )
        closed, first_own, taken = rows[0] if rows else (False, None, [])
        return closed, first_own, set(taken)

    # ------------------------------------------------------------------ entries

    def _store(self, lines):
        """Create entries; what the database refuses is refused one by one.

        :return: the lines that were stored, the refused ones
        """
        vals_list = self._prepare_entries([line for _number, line in lines])
        pairs = list(zip(lines, vals_list, strict=True))
        try:
            with self.env.cr.savepoint():
                self._create_entries(pairs)
        except OperationalError:
            raise
        except (DatabaseError, UserError):
            return self._store_one_by_one(pairs)
        return lines, []

    def _store_one_by_one(self, pairs):
        stored, refused = [], []
        for (number, line), vals in pairs:
            try:
                with self.env.cr.savepoint():
                    self._create_entries([((number, line), vals)])
            except OperationalError:
                raise
            except DatabaseError as exc:
                reason = "taken" if exc.pgcode == "23505" else "not_stored"
                refused.append((number, reason, str(line.number)))
            except UserError as exc:
                refused.append((number, "not_stored", str(exc)))
            else:
                stored.append((number, line))
        return stored, refused

    def _create_entries(self, pairs):
        entries = self.env["pcu.register.entry"]._programmatic()
        entries = entries.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        ).create([vals for _line, vals in pairs])
        for entry, ((_number, line), _vals) in zip(entries, pairs, strict=True):
            if line.connected:
                self._connect(entry, *line.connected)
        entries.flush_recordset()

    def _connect(self, entry, number, year):
        """Connect to the first of the matter; note the number if it isn't there."""
        first = entry.search(
            [
                ("register_id", "=", self.register_id.id),
                ("year", "=", year),
                ("number", "=", number),
                ("id", "!=", entry.id),
            ],
            limit=1,
        )
        first = first.connected_to_id or first
        if first and first != entry and not entry.connected_ids:
            entry.connected_to_id = first
        else:
            notes = filter(None, (entry.import_note, f"{number}/{year}"))
            entry.import_note = "; ".join(notes)

    def _prepare_entries(self, lines):
        parties = self._find_parties(
            {name for line in lines for name in (line.sender, line.recipient) if name}
        )
        departments = self._find_departments()
        register = self.register_id
        return [
            self._prepare_entry(line, parties, departments)
            | {
                "register_year_id": register._year_for(line.day).id,
                "reference": numbering.format_reference(
                    register.number_format, line.number, line.day, register.code
                ),
            }
            for line in lines
        ]

    def _prepare_entry(self, line, parties, departments):
        department = departments.get(plain(line.department))
        notes = list(line.notes)
        if line.department and not department:
            notes.append(line.department)
        solved = self.treat_as_solved or line.resolution or line.sent_date
        return {
            "import_id": self.id,
            "register_id": self.register_id.id,
            "company_id": self.company_id.id,
            "number": line.number,
            "year": line.day.year,
            "registration_date": line.day,
            "registered_at": datetime.combine(line.day, NOON_UTC),
            "state": SOLVED if solved else REGISTERED,
            "direction": line.direction,
            "channel": False,
            "summary": line.summary,
            "sender_id": parties.get(line.sender),
            "recipient_id": parties.get(line.recipient),
            "department_id": department,
            "external_number": line.external_number or False,
            "external_date": line.external_date or False,
            "page_count": line.page_count,
            "annex_count": line.annex_count,
            "sent_date": line.sent_date or False,
            "resolution_note": line.resolution or False,
            "file_code": line.file_code or False,
            "import_note": "; ".join(notes) or False,
        }

    def _find_parties(self, names):
        """Return the party of each name; those unknown are created at once."""
        partners = self.env["res.partner"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True,
            # Nobody of an old book has a parent or children to be brought in line.
            _partners_skip_fields_sync=True,
        )  # fmt: skip
        known = partners.search_fetch(
            [
                ("name", "in", list(names)),
                ("pcu_party_kind", "!=", False),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            ["name"],
            order="id desc",
        )
        found = {partner.name: partner.id for partner in known}
        missing = sorted(names - found.keys())
        created = partners.create(
            [
                partners._pcu_prepare_party_values(self._prepare_party(n))
                for n in missing
            ]
        )
        return found | dict(zip(missing, created.ids, strict=True))

    def _prepare_party(self, name):
        words = set(plain(name).split())
        if words & {"anonim", "anonima"}:
            kind = "anonymous"
        else:
            kind = "legal" if words & ORGANISATION_WORDS else "natural"
        return {"name": name, "kind": kind, "company_id": self.company_id.id}

    def _find_departments(self):
        """Return departments by what an old book may call them: code or name."""
        departments = self.env["pcu.department"].search(
            [("company_id", "=", self.company_id.id)]
        )
        return {plain(d.name): d.id for d in departments} | {
            plain(d.code): d.id for d in departments
        }
