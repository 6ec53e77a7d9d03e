"""The questions of `register_scale.py`: each as ours, as the floor's SQL, and naive."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import register_scale_data as data

TODAY = date.today()  # noqa: DTZ011
VISIBLE = "e.company_id = 1 AND e.confidentiality <> 'confidential'"
COLUMNS = (
    "e.id, e.reference, e.registration_date, e.direction, s.name, e.summary,"
    " e.external_number, e.external_date, e.page_count, e.annex_count, d.code, d.name,"
    " u.login, e.sent_date, e.resolution, r.name, e.connected_to_id, e.file_code,"
    " e.channel, e.register_id, e.state"
)
JOINS = (
    " LEFT JOIN res_partner s ON s.id = e.sender_id"
    " LEFT JOIN res_partner r ON r.id = e.recipient_id"
    " LEFT JOIN pcu_department d ON d.id = e.department_id"
    " LEFT JOIN res_users u ON u.id = e.holder_id"
)
NEWEST = " ORDER BY e.registration_date DESC, e.number DESC, e.id DESC"
#: True for all, and it keeps our counts from answering for the naive twin.
UNCOUNTED = ["id", ">", 0]
#: What hangs on an entry in its form.
PARTS = ("pcu_routing", "pcu_document", "pcu_dispatch", "pcu_handover_line",
         "pcu_register_correction")  # fmt: skip

#: A pivot's cells as the web client needs them: each value with its label, and the
#: domain that a click on the cell opens.
PIVOT = """
SELECT json_build_array(k.month, to_char(k.month, 'TMMonth YYYY')) AS month,
       json_build_array(d.id, d.name) AS department, k.state, k.entries,
       json_build_array('&', '&', '&', json_build_array('month', '>=', k.month),
           json_build_array('month', '<', k.month + interval '1 month'),
           json_build_array('department_id', '=', d.id),
           json_build_array('state', '=', k.state)) AS domain
  FROM (SELECT month, department_id, state, sum(entry_count) AS entries
          FROM pcu_register_summary WHERE company_id = 1 GROUP BY 1, 2, 3) k
  LEFT JOIN pcu_department d ON d.id = k.department_id ORDER BY k.month, d.code, k.state
"""


@dataclass
class Case:
    """One question: as ours, as the floor's SQL, as Odoo would ask by default."""

    name: str
    method: str
    #: Makes the keyword arguments of a call; called for each, so that answers differ.
    kwargs: object
    sql: object
    naive: object = None
    #: Pages and look-ups must not grow with the table; counts and sums may.
    constant: bool = True
    user: str = "clerk"
    model: str = "pcu.register.entry"
    naive_model: str = "pcu.register.entry"
    times: dict = field(default_factory=dict)
    #: Entries that a naive call reads.
    naive_reads: int = 0


def as_json(statement: str) -> str:
    """Let PostgreSQL make the answer what it has to be in the end."""
    return f"SELECT (SELECT json_agg(r)::text FROM ({statement}) r)"


def rows(where, counted="", tail=NEWEST + " LIMIT 80", **values):
    """Return SQL for a page, rows first and names afterwards, and for its number."""
    statement = as_json(
        "WITH e AS MATERIALIZED (SELECT * FROM pcu_register_entry e"
        f" WHERE {VISIBLE} AND {where}{tail})"
        f" SELECT {COLUMNS} FROM e{JOINS}{NEWEST}"
    )
    if counted:
        statement += (
            ", (SELECT count(*) FROM (SELECT FROM pcu_register_entry e"
            f" WHERE {VISIBLE} AND {counted} LIMIT 1001) t)"
        )
    return statement, values


def form():
    """Return SQL for one entry, with the ids of what hangs on it."""
    parts = ", ".join(
        f"(SELECT array_agg(t.id) FROM {table} t WHERE t.entry_id = e.id) AS {table}"
        for table in PARTS
    )
    return as_json(
        f"SELECT e.*, {COLUMNS}, {parts}, (SELECT array_agg(o.id) FROM"
        " pcu_register_entry o WHERE o.connected_to_id = e.id OR o.answers_id = e.id)"
        f" AS matter FROM pcu_register_entry e{JOINS} WHERE e.id = %(id)s"
    )


def walk(query):
    """Return SQL that looks each row up as it comes along the order."""
    return rows(
        "(SELECT i.vector @@ %(q)s::tsquery FROM pcu_register_index i"
        " WHERE i.entry_id = e.id)",
        "e.id IN (SELECT entry_id FROM pcu_register_index"
        " WHERE vector @@ %(q)s::tsquery)", q=query,
    )  # fmt: skip


def collect(query):
    """Return SQL that collects the hits first."""
    return rows(
        "e.id = ANY(ARRAY(SELECT entry_id FROM pcu_register_index"
        " WHERE vector @@ %(q)s::tsquery))", q=query,
    )  # fmt: skip


def naive_words(*words) -> list:
    """Return the domain that Odoo's own search would ask for words."""
    domain = []
    for word in words:
        parties = [[name, "ilike", word] for name in ("sender_id", "recipient_id")]
        domain += ["|", "|", ["summary", "ilike", word], *parties]
    return domain


def cases(scale) -> list[Case]:
    """Return the questions of the benchmark, with random values of this database."""
    listed, formed = scale.listed, scale.formed

    def page(domain=(), offset=0, **more):
        return {
            "specification": listed, "domain": list(domain), "offset": offset,
            "limit": 80, "order": "", "count_limit": 1001, **more,
        }  # fmt: skip

    def said(spoken):
        return page([["search_text", "ilike", spoken]])

    def default(*domain):
        return lambda: page(domain, count_limit=10001)

    def naive(*words):
        return default(*naive_words(*words))

    def number():
        year = random.choice(list(scale.town["years"]))
        return random.randint(1, scale.entries // 10 - 1), int(year)

    def numbered():
        value, year = number()
        return default(["number", "=", value], ["year", "=", year])()

    person = "(SELECT id FROM res_partner WHERE pcu_cnp = %(c)s LIMIT 1)"

    def cnp():
        return f"9{random.randint(1, data.parties_for(scale.entries)):012}"

    week = TODAY - timedelta(days=365 * 7 + 40)
    week = week, week + timedelta(days=6)
    in_week = [["registration_date", ">=", str(week[0])],
               ["registration_date", "<=", str(week[1])]]  # fmt: skip
    entry = scale.some_ids
    open_states = [["state", "in", ["registered", "routed"]]]
    search = "web_search_read"
    large, small = scale.town["departments"][0], scale.town["departments"][25]
    deep = as_json(
        "WITH k AS MATERIALIZED (SELECT e.id FROM pcu_register_entry e WHERE"
        f" {VISIBLE}{NEWEST} LIMIT 80 OFFSET 7920) SELECT {COLUMNS}"
        f" FROM k JOIN pcu_register_entry e USING (id){JOINS}{NEWEST}"
    )
    counted = (
        f"SELECT count(*) FROM (SELECT FROM pcu_register_entry e WHERE {VISIBLE}"
        " AND state IN ('registered', 'routed') LIMIT 1001) t"
    )
    grouped = as_json(
        "SELECT k.*, d.code, d.name FROM (SELECT department_id, sum(entry_count) FROM"
        f" pcu_register_summary e WHERE {VISIBLE} GROUP BY 1) k"
        " LEFT JOIN pcu_department d ON d.id = k.department_id"
    )
    total = f"SELECT sum(entry_count) FROM pcu_register_summary e WHERE {VISIBLE}"
    pivoted = as_json(PIVOT)
    return [
        Case("first page", search, page, lambda: rows("true", "true"), default()),
        Case("page 100", search, lambda: page(offset=7920), lambda: (deep, {}),
             lambda: page(offset=7920, count_limit=10001)),
        Case("next entry", "web_read",
             lambda: {"args": [[random.choice(entry)]], "specification": formed},
             lambda: (form(), {"id": random.choice(entry)}),
             lambda: {"args": [[random.choice(entry)]], "specification": formed}),
        Case("limited count", "search_count",
             lambda: {"domain": open_states, "limit": 1001},
             lambda: (counted, {}),
             lambda: {"domain": [*open_states, UNCOUNTED]}),
        Case("exact total", "search_count", lambda: {"domain": []},
             lambda: (total, {}), lambda: {"domain": [UNCOUNTED]}, constant=False),
        Case("number/year", search, lambda: said("{}/{}".format(*number())),
             lambda: rows("e.number = %(n)s AND e.year = %(y)s",
                          **dict(zip("ny", number(), strict=True))),
             numbered),
        Case("name, frequent", search, lambda: said("popescu"),
             lambda: walk("'popescu':*"), naive("popescu")),
        Case("name, rare", search, lambda: said(scale.rare_name),
             lambda: collect(f"'{scale.rare_name}':*"), naive(scale.rare_name)),
        Case("CNP", search, lambda: said(cnp()),
             lambda: rows(f"(e.sender_id = {person} OR e.recipient_id = {person})",
                          c=cnp()),
             default("|", ["sender_id.pcu_cnp", "=", cnp()],
                     ["recipient_id.pcu_cnp", "=", cnp()])),
        Case("words, frequent", search, lambda: said("cerere"),
             lambda: walk("'cerer':*"), naive("cerere")),
        Case("words, two", search, lambda: said("certificat urbanism"),
             lambda: walk("'certific':* & 'urbanis':*"),
             naive("certificat", "urbanism")),
        Case("words, three", search, lambda: said("popescu urbanism octombrie"),
             lambda: walk(f"'popescu':* & ('urbanis':* | '@d{large}')"
                          " & ('octombrie':* | '@m10')"),
             naive("popescu", "urbanism", "octombrie")),
        Case("words, absent", search, lambda: said("inexistentissim"),
             lambda: collect("'inexistentissim':*"), naive("inexistentissim")),
        Case("words, never together", search, lambda: said("contestatie zgomotul"),
             lambda: collect("'contestat':* & 'zgomot':*"),
             naive("contestatie", "zgomotul")),
        Case("two letters", search, lambda: said("po"), lambda: walk("'po':*"),
             naive("po")),
        Case("two letters, absent", search, lambda: said("qx"),
             lambda: collect("'qx':*"), naive("qx")),
        Case("old week", search, lambda: page(in_week),
             lambda: rows(*["e.registration_date BETWEEN %(a)s AND %(b)s"] * 2,
                          a=week[0], b=week[1]), default(*in_week)),
        Case("rule on column", search, page,
             lambda: rows(*[f"e.department_id = {small}"] * 2), default(),
             user="inspector"),
        Case("group by department", "formatted_read_group",
             lambda: {"domain": [], "groupby": ["department_id"],
                      "aggregates": ["__count"]},
             lambda: (grouped, {}),
             lambda: {"domain": [UNCOUNTED], "groupby": ["department_id"],
                      "aggregates": ["__count"]}, constant=False),
        Case("pivot", "formatted_read_group",
             lambda: {"domain": [], "aggregates": ["entry_count:sum"],
                      "groupby": ["month:month", "department_id", "state"]},
             lambda: (pivoted, {}),
             lambda: {"domain": [UNCOUNTED], "groupby": ["registration_date:month",
                      "department_id", "state"], "aggregates": ["__count"]},
             constant=False, model="pcu.register.summary",
             naive_model="pcu.register.entry"),
    ]  # fmt: skip
