"""What the minute wake-up costs with many idle tenants (runs in `odoo shell`).

CPU of this process and of its PostgreSQL sessions, for whole runs of the scheduled
action; nobody is due, nothing waits.
"""

import json
import os
import time
from pathlib import Path

env = globals()["env"]
TENANTS, RUNS = int(os.environ["PCU_TENANTS"]), 5
TICKS = os.sysconf("SC_CLK_TCK")


def tenants() -> None:
    """Give each tenant an institution and a platform that was looked at just now."""
    pattern = env["pcu.platform"].search([])
    later = "now() AT TIME ZONE 'UTC' + interval '1 hour'"
    companies = env["res.company"].create(
        [{"name": f"Primăria {n}"} for n in range(TENANTS - 1)]
    )
    env["pcu.platform"].create(
        [
            {
                "name": company.name, "code": f"tenant-{company.id}",
                "company_id": company.id, "base_url": pattern.base_url,
                "allow_http": True, "institution": f"tenant-{company.id}",
            }
            for company in companies
        ]
    )  # fmt: skip
    env.flush_all()
    env.cr.execute(f"UPDATE pcu_platform SET next_poll_at = {later},"
                   " last_poll_at = now() AT TIME ZONE 'UTC'")  # fmt: skip
    env.cr.commit()


def cpu() -> float:
    """Return the seconds of CPU that we and our database sessions have used."""
    env.cr.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    )
    total = time.process_time()
    for (pid,) in env.cr.fetchall():
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(words[11]) + int(words[12])) / TICKS
    return total


tenants()
cron = env.ref("pcu_connector.ir_cron_wake")
cron.method_direct_trigger()
before = cpu()
for _run in range(RUNS):
    cron.method_direct_trigger()
print("MEASURED", json.dumps({"cpu": (cpu() - before) / RUNS}))
