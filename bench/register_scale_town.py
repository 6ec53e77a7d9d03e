"""The town hall of `register_scale.py` (runs in `odoo shell`): departments and users.

Prints, as JSON, the ids that the bulk data need.
"""

import json
import os
from datetime import date

from odoo.fields import Command

PASSWORD = os.environ["PCU_PASSWORD"]
NAMES = (
    "Urbanism", "Impozite și taxe", "Stare civilă", "Asistență socială", "Juridic",
    "Achiziții publice", "Investiții", "Poliția locală", "Cadastru", "Mediu",
)  # fmt: skip

env = globals()["env"](context={"no_reset_password": True, "tracking_disable": True})
company = env.ref("base.main_company")
departments = env["pcu.department"].create(
    [
        {
            "code": f"C{n:02}",
            "name": NAMES[n] if n < len(NAMES) else f"Compartiment {n}",
            "company_id": company.id,
        }
        for n in range(40)
    ]
)


def user(login, group, department=None):
    person = env["res.users"].create(
        {
            "login": login, "name": login.title(), "password": PASSWORD,
            "lang": "ro_RO", "tz": "Europe/Bucharest",
            "company_id": company.id, "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(f"pcu_base.{group}").id)],
        }
    )  # fmt: skip
    if department:
        department.member_ids = [Command.link(person.id)]
    return person


clerk = user("clerk", "group_registry_operator", departments[5])
inspector = user("inspector", "group_inspector", departments[25])
holders = [user(f"holder{n}", "group_inspector", departments[n]).id for n in range(20)]
# Whom no rule concerns: Odoo's superuser, who has no password otherwise.
root = env.ref("base.user_root")
root.write({"password": PASSWORD, "lang": "ro_RO"})
env.flush_all()
env.cr.execute("UPDATE res_users SET active = true WHERE id = %s", root.ids)
register = env["pcu.register"].search([("kind", "=", "general")], limit=1)
years = {
    year: register._year_for(date(year, 1, 1)).id
    for year in range(date.today().year - 9, date.today().year + 1)  # noqa: DTZ011
}
env.cr.commit()
print(
    "TOWN "
    + json.dumps(
        {
            "company": company.id,
            "register": register.id,
            "years": years,
            "departments": departments.ids,
            "holders": holders,
            "clerk": clerk.id,
            "root": root.login,
        }
    )
)
