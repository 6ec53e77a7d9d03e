"""What `desk.py` asks inside Odoo: a desk with 10,000 open requests, by turns.

Runs in Odoo's shell: ``env`` is there. Prints one JSON line.
"""

import json
import random
import statistics
import time

env = globals()["env"]  # of the shell
OPEN, CLOSED, PAGE, ROUNDS = 10_000, 50_000, 80, 60
LIST = (
    "entry_reference", "title", "due_date", "days_left_text", "urgency", "is_overdue",
    "missing_text", "is_open", "state", "applicant_id", "department_id", "user_id",
    "pcu_on_behalf_of_id",
)  # fmt: skip


def clerk(login, group):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": login,
                "name": login,
                "group_ids": [(6, 0, [env.ref(group).id])],
            }
        )
    )


inspector = clerk("bench_inspector", "pcu_base.group_inspector")
head = clerk("bench_head", "pcu_base.group_head")
departments = env["pcu.department"].create(
    [
        {
            "code": f"B{number}",
            "name": f"Bench {number}",
            "head_id": head.id if not number else False,
            "member_ids": [(6, 0, inspector.ids if not number else [])],
        }
        for number in range(4)
    ]
)
people = env["res.partner"].create(
    [{"name": f"Petent {number}"} for number in range(500)]
)
procedure = env["pcu.procedure"].create(
    {"code": "BENCH", "name": "Bench", "department_id": departments[0].id}
)
env.flush_all()
for count, state, days in ((OPEN, "in_progress", 60), (CLOSED, "closed", 2000)):
    env.cr.execute(
        """INSERT INTO pcu_request (applicant_id, procedure_id, company_id,
               department_id, user_id, state, channel, due_date, unclassified,
               entry_reference)
           SELECT (%s::int[])[1 + n %% 500], %s, %s, (%s::int[])[1 + n %% 4],
               CASE WHEN n %% 8 = 0 THEN %s END, %s, 'counter',
               CURRENT_DATE + 20 - n %% %s, FALSE, n || '/01.01.2026'
           FROM generate_series(1, %s) AS n""",
        [
            people.ids, procedure.id, env.company.id, departments.ids,
            inspector.id, state, days, count,
        ],
    )  # fmt: skip
env.cr.commit()
env.cr.execute("ANALYZE pcu_request")


def page(user):
    spec = {name: {} for name in LIST}
    for name in ("applicant_id", "department_id", "user_id", "pcu_on_behalf_of_id"):
        spec[name] = {"fields": {"display_name": {}}}
    requests = env["pcu.request"].with_user(user)
    return requests.web_search_read(
        [("is_open", "=", True)], spec, limit=PAGE, order="due_date, id"
    )


def counters(user):
    return env["pcu.request"].with_user(user).get_desk_counters()


def measure(question, user):
    env.invalidate_all()
    user = user.with_env(env)
    before, began = env.cr.sql_log_count, time.perf_counter()
    question(user)
    return time.perf_counter() - began, env.cr.sql_log_count - before


cells = {
    "list, superuser": (page, env.ref("base.user_root")),
    "list, inspector": (page, inspector),
    "list, head": (page, head),
    "counters, inspector": (counters, inspector),
    "counters, head": (counters, head),
}
found = {name: [] for name in cells}
for turn in range(ROUNDS + 3):
    for name in random.sample(list(cells), len(cells)):
        took = measure(*cells[name])
        if turn >= 3:  # the first ones warm the caches
            found[name].append(took)
print(
    "MEASURED "
    + json.dumps(
        {
            name: [
                statistics.median(seconds for seconds, _queries in taken),
                max(queries for _seconds, queries in taken),
            ]
            for name, taken in found.items()
        }
    )
)
