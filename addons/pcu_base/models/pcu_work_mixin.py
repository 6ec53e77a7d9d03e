"""Work that lies with a person, and goes to a substitute while the person is away."""

from odoo import api, fields, models
from odoo.fields import Domain


class Handing:
    """Context mark of work that an absence moves; an object can't come through RPC.

    It says on whose behalf the new holder works; nobody, when work is given back.
    """

    def __init__(self, on_behalf_of=None):
        self.on_behalf_of_id = on_behalf_of.id if on_behalf_of else False


class PcuWorkMixin(models.AbstractModel):
    """Records that lie with a user: entries, requests, reminders …

    A model names the field of the user and says what is still open; it is added to
    ``pcu.absence._get_work_models``. Existing work is moved by the absence; work that
    comes while somebody is absent goes to the substitute when it is written.
    """

    _name = "pcu.work.mixin"
    _description = "Work that a substitute takes over"

    _pcu_work_field = "user_id"

    pcu_on_behalf_of_id = fields.Many2one(
        comodel_name="res.users",
        string="On behalf of",
        readonly=True,
        copy=False,
        help="The absent person for whom the substitute works on this.",
    )

    # ------------------------------------------------------------------ for models

    @api.model
    def _pcu_get_open_work_domain(self):
        """Return what is still to be done; what is finished stays where it is."""
        return Domain.TRUE

    def _pcu_filter_movable(self, user):
        """Return what a substitute is able to work on."""
        return self

    def _pcu_move_work(self, from_user, to_user, on_behalf_of):
        """Move these records to another person.

        :param on_behalf_of: the absent person, or no user when work is given back
        """
        self._pcu_handing(on_behalf_of).write({self._pcu_work_field: to_user.id})

    @api.model
    def _pcu_mark_values(self, vals, user):
        """Return values of new work that is redirected from an absent person."""
        return vals

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        redirected = []
        new_list = []
        for vals in vals_list:
            vals, absence = self._pcu_redirect(vals)
            if absence:
                vals = self._pcu_mark_values(vals, absence.user_id)
            new_list.append(vals)
            redirected.append(absence)
        records = super().create(new_list)
        for record, absence in zip(records, redirected, strict=True):
            if absence:
                absence._add_items(record)
        return records

    def write(self, vals):
        vals, absence = self._pcu_redirect(vals)
        result = super().write(vals)
        if absence:
            absence._add_items(self)
        return result

    # ------------------------------------------------------------------ business

    def _pcu_handing(self, on_behalf_of):
        return self.with_context(pcu_handing=Handing(on_behalf_of))

    @api.model
    def _pcu_redirect(self, vals):
        """Send work for an absent person to the substitute.

        Who is absent and takes something over in person keeps it.

        :return: the values, and the absence that changed them or none
        """
        absences = self.env["pcu.absence"]
        vals = dict(vals)
        vals.pop("pcu_on_behalf_of_id", None)
        if self._pcu_work_field not in vals:
            return vals, absences
        handing = self.env.context.get("pcu_handing")
        if isinstance(handing, Handing):
            return vals | {"pcu_on_behalf_of_id": handing.on_behalf_of_id}, absences
        user_id = vals[self._pcu_work_field]
        absence_id, substitute_id = absences._get_active_map().get(
            user_id, (None, None)
        )
        if not absence_id or user_id == self.env.uid:
            return vals | {"pcu_on_behalf_of_id": False}, absences
        values = {self._pcu_work_field: substitute_id, "pcu_on_behalf_of_id": user_id}
        # sudo: who sends work to somebody doesn't see when and why that one is away
        return vals | values, absences.sudo().browse(absence_id)
