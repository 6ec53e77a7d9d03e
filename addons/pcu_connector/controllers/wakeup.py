"""The wake-up call: a platform says "look", and we look. It says nothing more."""

import logging
import time

from odoo import SUPERUSER_ID, http
from odoo.http import request

from .. import wakeup_signature

_logger = logging.getLogger(__name__)

#: A wake-up names an institution and nothing else.
MAX_BODY = 4096


class WakeupController(http.Controller):
    """One address per platform; unknown, unsigned and stale calls look alike."""

    @http.route(
        "/pcu/wakeup/<string:code>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def wakeup(self, code, **_ignored):
        """Check the signature, ask for a look, answer at once."""
        # Kept, for Odoo may run this again after a conflict.
        body = request.httprequest.get_data()
        # Nobody is logged in here: the signature is the right to say "look".
        platform = (
            request.env["pcu.platform"]
            .with_user(SUPERUSER_ID)
            .search([("code", "=", code)], limit=1)
        )
        headers = request.httprequest.headers
        genuine = wakeup_signature.verify(
            platform.wakeup_secret or "",
            headers.get("X-PCU-Timestamp", ""),
            headers.get("X-PCU-Signature", ""),
            body,
            now=time.time(),
        )
        if not genuine:
            _logger.info(
                "Wake-up call refused from %s", request.httprequest.remote_addr
            )
            return request.make_response("", status=403)
        if platform._may_call():
            platform._transact("_request_poll")
        return request.make_response("", status=204)
