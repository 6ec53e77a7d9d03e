"""Where the institution lies, and whether maps may be fetched."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import places

TILES = re.compile(r"https://[\w.-]+(:\d+)?(/[\w.-]+)*/\{z\}/\{x\}/\{y\}(\.\w+)?")


class ResCompany(models.Model):
    """The institution on the map."""

    _inherit = "res.company"

    pcu_map_latitude = fields.Float(
        string="Latitude of the locality", digits=(9, 6), default=45.9
    )
    pcu_map_longitude = fields.Float(
        string="Longitude of the locality", digits=(9, 6), default=24.9
    )
    pcu_map_tiles = fields.Char(
        string="Tile server",
        help="Left empty, nothing is fetched from outside and places are picked on a "
        "grid. An address such as https://harti.primaria.ro/{z}/{x}/{y}.png shows the "
        "map; that server then learns which places clerks look at.",
    )

    @api.constrains("pcu_map_tiles")
    def _check_pcu_map_tiles(self):
        for company in self.filtered("pcu_map_tiles"):
            if not TILES.fullmatch(company.pcu_map_tiles):
                raise ValidationError(
                    self.env._(
                        "The address of the tile server begins with https:// and ends "
                        "with {z}/{x}/{y}, for example "
                        "https://harti.primaria.ro/{z}/{x}/{y}.png."
                    )
                )

    @api.constrains("pcu_map_latitude", "pcu_map_longitude")
    def _check_pcu_map_place(self):
        for company in self:
            place = company.pcu_map_latitude, company.pcu_map_longitude
            if any(place) and not places.is_in_romania(*place):
                raise ValidationError(
                    self.env._(
                        "The locality doesn't lie in Romania: latitude is between 43 "
                        "and 49, longitude between 20 and 31."
                    )
                )
