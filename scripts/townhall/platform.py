"""Connect the town hall with the stand-in platform (runs in `odoo shell`)."""

import os

env = globals()["env"]
company = env.ref("base.main_company")

platform = env["pcu.platform"].create(
    {
        "name": "eDirect",
        "code": os.environ["PCU_PLATFORM_CODE"],
        "company_id": company.id,
        "adapter": "edirect",
        "base_url": os.environ["PCU_PLATFORM_URL"],
        "allow_http": True,
        "institution": os.environ["PCU_PLATFORM_INSTITUTION"],
        "client_id": os.environ["PCU_CLIENT"],
        "client_secret": os.environ["PCU_CLIENT_SECRET"],
        "wakeup_secret": os.environ["PCU_WAKEUP_SECRET"],
        "poll_minutes": int(os.environ["PCU_INTERVAL"]),
        # Who shows or tests it at night wants to see it at work.
        "quiet_minutes": int(os.environ["PCU_INTERVAL"]),
    }
)
if os.environ["PCU_PULL"] == "yes":
    # The server that starts next looks at once and not after the first interval.
    platform._request_poll()
env.cr.commit()
