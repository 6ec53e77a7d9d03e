"""Addresses for the monitoring of the house: does it live, and how does it go?"""

import hmac

from odoo import SUPERUSER_ID, http
from odoo.http import request

from .. import metrics, scheduler_threads


class HealthController(http.Controller):
    """Two addresses that ask the database, not the scheduled actions."""

    @http.route("/pcu/health", type="http", auth="public", methods=["GET"],
                save_session=False)  # fmt: skip
    def health(self):
        """Say whether the connector lives: 200 or 503, and since when; no more."""
        scheduler_threads.watch()
        platforms = request.env["pcu.platform"].with_user(SUPERUSER_ID)
        silent, copy = platforms._is_silent(), platforms._is_held_back()
        status = "copy" if copy else "silent" if silent else "ok"
        body = {
            "status": status,
            "silence_seconds": round(platforms._get_silence()),
        }
        headers = {"Cache-Control": "no-store"}
        return request.make_json_response(
            body, headers=headers, status=200 if status == "ok" else 503
        )

    @http.route("/pcu/metrics", type="http", auth="public", methods=["GET"],
                save_session=False)  # fmt: skip
    def metrics(self):
        """Give figures for Prometheus to whoever brings the token of the house."""
        parameters = request.env["ir.config_parameter"].sudo()
        known = parameters.get_param("pcu_connector.metrics_token") or ""
        _kind, _space, given = request.httprequest.headers.get(
            "Authorization", ""
        ).partition(" ")
        # Without a token nothing is given; a wrong one looks like a missing address.
        if not known or not hmac.compare_digest(given.encode(), known.encode()):
            return request.make_response("", status=404)
        platforms = request.env["pcu.platform"].with_user(SUPERUSER_ID)
        return request.make_response(
            metrics.render(platforms._get_metrics()),
            headers=[
                ("Content-Type", metrics.CONTENT_TYPE),
                ("Cache-Control", "no-store"),
            ],
        )
