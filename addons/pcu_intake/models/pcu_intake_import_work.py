"""The work of an import: slices of lines, each committed with how far it got."""

import logging
import tempfile
import time

from odoo import api, models, modules
from odoo.addons.pcu_base.romania import in_romanian, local_day
from psycopg2 import OperationalError

from .. import register_lines, tables
from .pcu_intake_import import CHECKED, CHECKING, DONE, FAILED, IMPORTING, MAPPING

_logger = logging.getLogger(__name__)

SLICE = 500
"""Lines a transaction; a killed process loses no more than the work on these."""
TURN = 30
"""Seconds that one call of the scheduler works on. Its own ten are soon spent, and it
then calls for one slice at a time; each call of a dry run reads again what it has seen.
"""


class PcuIntakeImport(models.Model):
    _inherit = "pcu.intake.import"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------ cron

    @api.model
    def _cron_work(self):
        """Go on with whatever is being checked or imported."""
        self.env["ir.cron"]._commit_progress(remaining=self._count_remaining())
        turn = self.with_context(pcu_turn_ends=time.monotonic() + TURN)
        for record in turn._get_working():
            if not record._work():
                break

    @api.model
    def _get_working(self):
        return self.search([("state", "in", (CHECKING, IMPORTING))], order="id")

    @api.model
    def _count_remaining(self):
        """Return how many lines are left; what has not been read counts a slice."""
        return sum(max(r.rows_total - r.rows_done, SLICE) for r in self._get_working())

    def _work(self):
        """Read the file from where it stopped; return whether there is time left."""
        self.ensure_one()
        state = self.state
        try:
            finished = self._work_on_slices(state)
        except tables.TableError as exc:
            problem = in_romanian(self)._describe_table_error(str(exc))
            self.write(
                {
                    "state": MAPPING if state == CHECKING else FAILED,
                    "problem": problem,
                }
            )
        except OperationalError:
            # Somebody registered in the same year at this very moment: the slice is
            # undone, and done again in a moment.
            self.env.cr.rollback()
            self._wake()
        except Exception:
            _logger.exception("Import %s stopped", self.id)
            self.env.cr.rollback()
            self.write(
                {
                    "state": FAILED if state == IMPORTING else MAPPING,
                    "problem": in_romanian(self).env._(
                        "The work stopped because of a fault in the program; the "
                        "administrator finds it in the log. What was imported stays; "
                        "“Import” goes on from there."
                    ),
                }
            )
        else:
            if finished:
                self._finish(state)
        return self._pause(0)

    def _work_on_slices(self, state):
        """Take slice after slice; return whether the file has come to its end."""
        seen = self._remember_seen() if state == CHECKING else set()
        # Where it can't be locked another process is at it.
        while self.try_lock_for_update():
            if not self.lines_attachment_id:
                self._lay_out_lines()
                # The scheduler believes that all is done when as much as it was
                # told is done; only now is it known how much that is.
                self._pause(0, remaining=self._count_remaining())
                continue
            rows, place = self._read_lines(self.lines_place)
            self._take_slice(state, rows, place, seen)
            time_left = self._pause(len(rows))
            if self.state == state and self.rows_done >= self.rows_total:
                return True
            if not time_left or self.state != state:
                return False
        return False

    def _lay_out_lines(self):
        """Bring the file into the form in which reading can begin at any line."""
        with tempfile.NamedTemporaryFile() as plain:
            count = tables.write_plain(self._path(), plain.name)
            lines = self.env["ir.attachment"].create(
                {
                    "name": f"{self.name}.lines",
                    "raw": plain.read(),
                    "mimetype": "application/octet-stream",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        self.write(
            {"lines_attachment_id": lines.id, "lines_place": 0, "rows_total": count}
        )

    def _read_lines(self, place):
        return tables.read_plain(self._path("lines_attachment_id"), place, SLICE)

    def _remember_seen(self):
        """Return the years and numbers that a dry run met before it was stopped."""
        seen, place = set(), 0
        while place < self.lines_place:
            rows, place = self._read_lines(place)
            self._understand(rows, seen)
        return seen

    def _pause(self, done, **progress):
        """Commit what is done; return whether there is time for more."""
        if modules.module.current_test:
            self.env.flush_all()
            return True
        time_left = self.env["ir.cron"]._commit_progress(done, **progress)
        # What is committed is no longer needed: memory stays that of one slice.
        self.env.invalidate_all(flush=False)
        turn_ends = self.env.context.get("pcu_turn_ends", 0)
        return bool(time_left) or time.monotonic() < turn_ends

    def _take_slice(self, state, rows, place, seen):
        """Check or store some lines, and note in the same transaction how far it is.

        :param place: where the next slice begins
        """
        lines, refused = self._understand(rows, seen)
        lines, also_refused = self._refuse_taken(lines)
        refused += also_refused
        values = {}
        if state == CHECKING:
            values["year_bounds"] = self._widen_bounds(lines)
        else:
            lines, also_refused = self._store(lines)
            refused += also_refused
        self._keep_refusals(refused, dict(rows))
        self.write(
            {
                **values,
                "lines_place": place,
                "rows_done": self.rows_done + len(rows),
                "taken_count": self.taken_count + len(lines),
                "refused_count": self.refused_count + len(refused),
            }
        )

    def _finish(self, state):
        self.state = CHECKED if state == CHECKING else DONE
        if state == IMPORTING:
            self.lines_attachment_id.unlink()
            self.env["pcu.journal"]._log(
                self,
                "import_done",
                file=self.name,
                taken=self.taken_count,
                refused=self.refused_count,
            )

    # ------------------------------------------------------------------ lines

    def _understand(self, rows, seen):
        """Split lines into those understood and those refused.

        :param set seen: years and numbers of the lines before; grows
        :return: list of ``(number in the file, line)``, list of ``(number in the
            file, reason, value)``
        """
        columns = {c.target: c.place for c in self.column_ids if c.target}
        today = local_day()
        lines, refused = [], []
        for number, row in rows:
            try:
                line = register_lines.read_line(row, columns, today)
                key = (line.day.year, line.number)
                if key in seen:
                    raise register_lines.RefusedLineError("twice", line.number)
            except register_lines.RefusedLineError as exc:
                refused.append((number, exc.code, exc.value))
            else:
                seen.add(key)
                lines.append((number, line))
        return lines, refused

    def _widen_bounds(self, lines):
        """Return the first and last number of each year, these lines included."""
        bounds = dict(self.year_bounds or {}) if self.rows_done else {}
        for _number, line in lines:
            first, last = bounds.get(str(line.day.year), (line.number, line.number))
            bounds[str(line.day.year)] = (
                min(first, line.number),
                max(last, line.number),
            )
        return bounds

    def _keep_refusals(self, refused, rows):
        self.env["pcu.intake.import.refusal"].create(
            [
                {
                    "import_id": self.id,
                    "line": number,
                    "reason": reason,
                    "value": value,
                    "cells": [tables.as_text(cell) for cell in rows[number]],
                }
                for number, reason, value in sorted(refused)
            ]
        )
