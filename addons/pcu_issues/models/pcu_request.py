"""An issue report: what is wrong, where, and how far its repair has come.

It is a petition by law (*sesizare*, OG 27/2002 art. 2) and keeps its term; what is
special is the place, and the words in which the citizen reads the state.
"""

from odoo import api, fields, models
from odoo.addons.pcu_base.romania import in_romanian
from odoo.addons.pcu_requests import request_states as rs
from odoo.exceptions import UserError, ValidationError

from .. import places


class PcuRequest(models.Model):
    """Issue reports."""

    _inherit = "pcu.request"

    place_address = fields.Char(
        string="Place", help="Street and number, or what stands nearby."
    )
    place_latitude = fields.Float(string="Latitude", digits=(9, 6), aggregator=None)
    place_longitude = fields.Float(string="Longitude", digits=(9, 6), aggregator=None)
    place_known = fields.Boolean(compute="_compute_place")
    place_url = fields.Char(string="On the map", compute="_compute_place")
    place_geo = fields.Char(
        string="For a telephone",
        compute="_compute_place",
        help="Opens in the map of a telephone in the field.",
    )
    place_map = fields.Char(
        string="Map", compute="_compute_place", help="Where and how the picker begins."
    )
    citizen_state = fields.Char(
        string="What the citizen reads", compute="_compute_citizen_state"
    )

    # ------------------------------------------------------------------ computes

    @api.depends("place_latitude", "place_longitude", "company_id.pcu_map_tiles")
    def _compute_place(self):
        """Name the place for a browser and for a telephone."""
        for request in self:
            place = request.place_latitude, request.place_longitude
            request.place_known = any(place)
            request.place_url = places.map_url(*place) if any(place) else False
            request.place_geo = places.geo_uri(*place) if any(place) else False
            # sudo: where the institution lies is no secret
            company_sudo = request.company_id.sudo()
            request.place_map = (
                f"{company_sudo.pcu_map_latitude} {company_sudo.pcu_map_longitude} "
                f"{company_sudo.pcu_map_tiles or ''}"
            )

    @api.depends("state", "outcome", "redirected_to_id")
    def _compute_citizen_state(self):
        """Say the state as a citizen would, in Romanian."""
        for request in self:
            request.citizen_state = request._get_citizen_state()

    def _get_citizen_state(self):
        """Return one sentence without names of colleagues."""
        self.ensure_one()
        _ = in_romanian(self).env._
        if self.redirected_to_id:
            return _("Sent on to %(authority)s.", authority=self.redirected_to_id.name)
        if self.state in (rs.DECIDED, rs.CLOSED):
            if self.outcome in ("favourable", "partial"):
                return _("Repaired.")
            return _("Answered: it will not be repaired by the town hall.")
        return {
            rs.NEW: _("Received, waits for its number."),
            rs.REGISTERED: _("Registered, waits for somebody to take it over."),
            rs.IN_PROGRESS: _("Somebody is working on it."),
            rs.CLARIFICATION: _("The town hall asked you for something more."),
            rs.WITHDRAWN: _("Withdrawn by you."),
            rs.REFUSED: _("Refused."),
        }[self.state]

    # ------------------------------------------------------------------ constraints

    @api.constrains("place_latitude", "place_longitude")
    def _check_place(self):
        """Catch swapped and mistyped coordinates."""
        for request in self.filtered("place_known"):
            if not places.is_in_romania(
                request.place_latitude, request.place_longitude
            ):
                raise ValidationError(
                    self.env._(
                        "The place doesn't lie in Romania. Latitude is between 43 and "
                        "49, longitude between 20 and 31; perhaps they are swapped."
                    )
                )

    # ------------------------------------------------------------------ business

    @api.model
    def _prepare_filed_values(self, vals):
        """Take over the place that a program knows."""
        values = super()._prepare_filed_values(vals)
        names = ("place_address", "place_latitude", "place_longitude")
        return values | {name: vals[name] for name in names if name in vals}

    def action_register(self):
        """Refuse to register a report that nobody could find in the field."""
        for request in self.filtered(lambda r: r.kind == "issue"):
            if not (request.place_address or request.place_known):
                raise UserError(
                    self.env._(
                        "Write where it is, or pick the place on the map; otherwise "
                        "nobody finds it."
                    )
                )
        return super().action_register()

    def _get_redirect_term(self):
        """Send on like any petition what another authority repairs."""
        if self.kind == "issue":
            return self.env.ref("pcu_base.term_type_pet_red")
        return super()._get_redirect_term()

    def action_open_map(self):
        """Open the place on OpenStreetMap, in a page of its own, when asked to."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.place_url, "target": "new"}
