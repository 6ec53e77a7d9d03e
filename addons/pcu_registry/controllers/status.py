"""The public status page: what the holder of a slip may know, and nothing else.

No session, no log-in, no bundle of the web client: one small page that needs no script,
except to compute the digest of a file where it lies, in the visitor's own browser.
"""

from odoo.addons.pcu_base.romania import in_romanian
from odoo.http import Controller, request, route

from .. import check_code
from ..models.pcu_register_entry_slip import STATUS_PATH

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # The address holds the check code: it goes to no other site and into no cache.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
}
READERS = {
    "nr": check_code.read_number,
    "an": check_code.read_year,
    "cod": check_code.read_code,
    "sha256": check_code.read_digest,
}
"""The fields of the form and what reads each."""


class StatusController(Controller):
    @route(
        STATUS_PATH,
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
    )
    def status(self, **typed):
        """Show the form, and under it the answer when something was asked."""
        texts = {name: str(typed.get(name) or "")[:200] for name in READERS}
        page = {"texts": texts, "wrong": (), "found": None, "wait": 0, "missing": False}
        if not any(texts.values()):
            return self._render(page)
        read = {name: reader(texts[name]) for name, reader in READERS.items()}
        page["wrong"] = tuple(
            name
            for name, value in read.items()
            if value is None and (name != "sha256" or texts[name].strip())
        )
        if page["wrong"]:
            return self._render(page, 400)
        return self._answer(page, read)

    def _answer(self, page, read):
        throttle = request.env["pcu.status.throttle"]
        address = request.httprequest.remote_addr
        page["wait"] = throttle._count(address)
        if page["wait"]:
            return self._render(page, 429, {"Retry-After": str(page["wait"])})
        page["found"] = request.env["pcu.register.entry"]._get_public_status(
            read["nr"], read["an"], read["cod"], read["sha256"]
        )
        if not page["found"]:
            page["missing"] = True
            return self._render(page, 404)
        if page["found"]["digest"] != "differs":
            throttle._forgive(address)
        return self._render(page)

    def _render(self, page, status=200, headers=None):
        request.update_env(context=in_romanian(request.env["res.lang"]).env.context)
        page["page_lang"] = (request.env.lang or "en")[:2]
        page["minutes"] = -(-page["wait"] // 60)
        page["path"] = STATUS_PATH
        return request.render(
            "pcu_registry.status_page",
            page,
            status=status,
            headers=list((HEADERS | (headers or {})).items()),
        )
