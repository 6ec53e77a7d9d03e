"""The platform's catalogue of procedures, fetched for a person to look at."""

from odoo import models
from odoo.exceptions import UserError

from .. import problems
from ..adapters.base import ExchangeError
from ..catalogue_reading import to_content


class PcuPlatform(models.Model):
    """Reading the catalogue; what becomes of it is a matter of procedures."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "pcu.platform"  # by topic: no file over 500 lines

    def action_fetch_catalogue(self):
        """Ask for the catalogue, show what is new and what has changed."""
        self.ensure_one()
        offers = self.env["pcu.procedure.offer"]
        offers._check_administrator()
        if not self._may_call():
            raise UserError(self._get_health()[1])
        rows = self._fetch_catalogue()
        if not rows:
            # An empty answer is rather a fault than a platform without procedures.
            raise UserError(
                self.env._("The platform offered no procedure; nothing was changed.")
            )
        source = self._get_catalogue_source()
        raws = [to_content(row) for row in rows]
        offers._refresh(self.company_id, source, self.name, raws)
        self.env["pcu.journal"]._log(self, "catalogue_fetched", rows=len(rows))
        return offers.with_company(self.company_id)._open(source)

    def _fetch_catalogue(self):
        """Return the rows of the catalogue as they came.

        :raise UserError: with what to do, when the platform didn't give them
        """
        adapter = self._transact("_make_adapter")
        try:
            return adapter.list_procedures()
        except ExchangeError as error:
            self._transact("_note_platform_fault", error.kind, error.detail)
            text = problems.describe(self.env, error.kind, error.detail)
            raise UserError(text) from error
        finally:
            adapter.close()

    def _get_catalogue_source(self):
        """Return the name under which offers remember this platform for ever."""
        return f"platform-{self.id}"
