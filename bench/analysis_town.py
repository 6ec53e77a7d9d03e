"""The town hall of `analysis.py` (runs in `odoo shell`): departments, people, services.

Prints, as JSON, the ids that the bulk data need.
"""

import json
import os

from odoo.fields import Command

PASSWORD = os.environ["PCU_PASSWORD"]
DEPARTMENTS, PEOPLE, SERVICES = 20, 5, 3

env = globals()["env"](context={"no_reset_password": True, "tracking_disable": True})
company = env.ref("base.main_company")


def user(login, group):
    return env["res.users"].create(
        {
            "login": login, "name": login.title(), "password": PASSWORD,
            "lang": "ro_RO", "tz": "Europe/Bucharest",
            "company_id": company.id, "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(f"pcu_base.{group}").id)],
        }
    )  # fmt: skip


departments = []
for place in range(DEPARTMENTS):
    people = [user(f"inspector{place}.{n}", "group_inspector") for n in range(PEOPLE)]
    department = env["pcu.department"].create(
        {
            "code": f"C{place:02}",
            "name": f"Compartiment {place}",
            "company_id": company.id,
            "member_ids": [Command.set([person.id for person in people])],
        }
    )
    services = env["pcu.procedure"].create(
        [
            {
                "code": f"P{place}-{n}",
                "name": f"Procedura {n} a compartimentului {place}",
                "department_id": department.id,
            }
            for n in range(SERVICES)
        ]
    )
    departments.append(
        {
            "id": department.id,
            "people": [person.id for person in people],
            "procedures": services.ids,
        }
    )
env["pcu.department"].browse(departments[2]["id"]).head_id = user("head", "group_head")
company.pcu_head_id = user("mayor", "group_approver")
citizen = env["res.partner"].create({"name": "Ion Țăranu"})
env.cr.commit()
print(
    "TOWN "
    + json.dumps(
        {"company": company.id, "departments": departments, "citizen": citizen.id}
    )
)
