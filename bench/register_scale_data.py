"""The bulk data of `register_scale.py`: parties and entries, made inside PostgreSQL.

Skewed as in a town hall: few departments get most of the post, few senders write most
of it, few words make most of the summaries; one entry in ten has documents with words
of their own. Beyond a million the same rows come again between the first ones, with
numbers of their own: what is found grows as the table does. Guards, foreign keys, and
indexes are off while rows come in (the cluster is the project's own) and back on
afterwards.
"""

SURNAMES = (
    "Popescu", "Ionescu", "Popa", "Radu", "Dumitru", "Stan", "Stoica", "Gheorghe",
    "Matei", "Ciobanu", "Rusu", "Munteanu", "Constantin", "Marin", "Lazăr", "Țăranu",
    "Șerban", "Înțelescu", "Dobre", "Barbu", "Nistor", "Florea", "Dinu", "Tănase",
    "Enache", "Grigore", "Moldovan", "Preda", "Sandu", "Crăciun", "Olteanu", "Suciu",
    "Mocanu", "Voicu", "Roșu", "Bălan",
)  # fmt: skip
GIVEN = (
    "Maria", "Ion", "Elena", "Ștefan", "Ioana", "Andrei", "Mihai", "Ana", "Gheorghe",
    "Cristina", "Vasile", "Alexandra", "Nicolae", "Daniela", "Florin", "Gabriela",
    "Adrian", "Mihaela", "Constantin", "Simona", "Radu", "Camelia",
)  # fmt: skip
STREETS = (
    "Mihai Viteazu", "Unirii", "1 Decembrie 1918", "Ștefan cel Mare", "Libertății",
    "Republicii", "Nicolae Bălcescu", "Eroilor", "Morii", "Teilor", "Gării",
    "Tudor Vladimirescu", "Școlii", "Bisericii",
)  # fmt: skip
MATTERS = (
    "Cerere eliberare certificat de urbanism",
    "Cerere eliberare certificat fiscal",
    "Cerere eliberare adeverință",
    "Cerere autorizație de construire",
    "Cerere ajutor încălzire",
    "Declarație impunere clădire",
    "Sesizare privind zgomotul",
    "Cerere informații de interes public",
    "Contestație decizie de impunere",
    "Adresă de înaintare documente",
    "Petiție privind iluminatul",
    "Factură furnizor",
    "Cerere concesionare teren",
    "Notificare executor",
    "Cerere certificat de naștere",
)

PARTIES = """
INSERT INTO res_partner (name, complete_name, active, type, street, city, company_id,
    pcu_party_kind, pcu_cnp, lang, create_uid, write_uid, create_date, write_date)
SELECT name, name, true, 'contact', street, 'Valea Mare', NULL, 'natural',
       '9' || lpad(n::text, 12, '0'), 'ro_RO', 1, 1, now(), now()
  FROM (SELECT n,
           CASE WHEN n %% 50 = 0 THEN 'Zav' || substr(translate(md5(n::text),
               '0123456789', 'aeiourslnt'), 1, 6)
           ELSE (%(surnames)s::text[])[1 + floor(%(surname_count)s
               * power(random(), 2))::int] END || ' ' ||
           (%(given)s::text[])[1 + floor(%(given_count)s * random())::int] AS name,
           'Str. ' || (%(streets)s::text[])[1 + floor(%(street_count)s * random())::int]
               || ' nr. ' || (1 + floor(random() * 200))::int AS street
          FROM generate_series(1, %(count)s) n) p
RETURNING id
"""

ENTRIES = """
INSERT INTO pcu_register_entry (register_id, register_year_id, year, number, reference,
    registration_date, registered_at, direction, channel, confidentiality, company_id,
    state, department_id, holder_id, sender_id, recipient_id, summary, page_count,
    annex_count, external_number, create_uid, write_uid, create_date, write_date)
SELECT %(register)s, %(year_id)s, %(year)s, number,
       number || '/' || to_char(day, 'DD.MM.YYYY'),
       day, day + time '08:00', direction, 'counter',
       CASE WHEN random() < 0.01 THEN 'confidential' ELSE 'personal' END,
       %(company)s,
       CASE WHEN random() < 0.01 THEN 'annulled'
            WHEN day < current_date - 60 THEN 'solved'
            WHEN random() < 0.3 THEN 'routed'
            WHEN random() < 0.02 THEN 'registered' ELSE 'solved' END,
       (%(departments)s::int[])[1 + floor(40 * power(random(), 2.2))::int],
       CASE WHEN random() < 0.6
            THEN (%(holders)s::int[])[1 + floor(20 * random())::int] END,
       CASE WHEN direction = 'incoming' THEN party END,
       CASE WHEN direction <> 'incoming' THEN party END,
       (%(matters)s::text[])[1 + floor(%(matter_count)s * power(random(), 1.5))::int]
           || ' ' || translate(md5((floor(20000 * power(random(), 3)))::text),
               '0123456789', 'aeiourslnt') || ' parcela ' || floor(random() * 1e6)::int,
       1 + floor(random() * 9)::int, floor(random() * 3)::int,
       CASE WHEN random() < 0.3 THEN floor(random() * 1e5)::int::text END,
       %(clerk)s, %(clerk)s, day, day
  FROM (SELECT n, (n - 1) * %(times)s + 1 AS number,
               %(first)s::date + (n::bigint * %(days)s / (%(count)s + 1))::int AS day,
               CASE WHEN random() < 0.75 THEN 'incoming' ELSE 'outgoing' END
                   AS direction,
               %(party)s + floor(%(parties)s * power(random(), 1.5))::int AS party
          FROM generate_series(1, %(count)s) n) e
 ORDER BY n
"""

PARTY_WORDS = """
CREATE TEMP TABLE party_words AS
SELECT id, pcu_search_vector(concat_ws(' ', name, street, street2, city)) ||
       array_to_tsvector(ARRAY(SELECT DISTINCT '~' || left(word, 24)
           FROM regexp_split_to_table(pcu_search_plain(name), ' ') AS word)) AS words
  FROM res_partner WHERE id >= %(party)s
"""
# As the trigger does for one row, put together from parts; `check_words` compares.
WORDS = """
INSERT INTO pcu_register_index (entry_id, vector)
SELECT e.id, pcu_search_vector(concat_ws(' ', e.summary, e.external_number))
       || p.words || array_to_tsvector(ARRAY[
           '@d' || e.department_id, '@y' || e.year,
           '@m' || to_char(e.registration_date, 'MM'),
           '@n' || to_char(e.registration_date, 'DD')])
       || CASE WHEN e.id %% 10 = 0 THEN array_to_tsvector(ARRAY(
           SELECT translate(md5((floor(20000 * power(random(), 3)))::text),
                      '0123456789', 'aeiourslnt')
             FROM generate_series(1, 60 + 0 * e.id))) ELSE '' END
  FROM pcu_register_entry e
  JOIN party_words p ON p.id = coalesce(e.sender_id, e.recipient_id)
 WHERE e.id > %(after)s AND e.id <= %(upto)s
"""
CHECK = """
SELECT count(*) FROM pcu_register_index i JOIN pcu_register_index_words(ARRAY(
    SELECT id FROM pcu_register_entry WHERE id % 10 = 1 LIMIT 200)) w USING (entry_id)
 WHERE i.vector = w.vector
"""

# Once more the same rows, each behind the one it repeats.
AGAIN = """
INSERT INTO pcu_register_entry (id, number, reference, {columns})
SELECT id + %(shift)s, number + %(copy)s,
       number + %(copy)s || '/' || to_char(registration_date, 'DD.MM.YYYY'), {columns}
  FROM pcu_register_entry WHERE id <= %(upto)s ORDER BY id
"""
WORDS_AGAIN = """
INSERT INTO pcu_register_index (entry_id, vector)
SELECT entry_id + %(shift)s, vector FROM pcu_register_index WHERE entry_id <= %(upto)s
"""

INDEXES = """
SELECT i.indexname, i.indexdef FROM pg_indexes i
  JOIN pg_class c ON c.relname = i.indexname
  JOIN pg_index x ON x.indexrelid = c.oid
 WHERE i.tablename = %s AND NOT x.indisprimary
"""
TABLES = ("pcu_register_entry", "pcu_register_index", "res_partner")
STEP = 100_000
#: So many different rows are made; more are the same ones again.
DIFFERENT = 1_000_000


def build(cr, town: dict, entries: int, say) -> None:
    """Fill the database with so many entries of ten years."""
    cr.execute("SET session_replication_role = replica")
    cr.execute("SELECT setseed(0.5)")
    cr.execute("SET maintenance_work_mem = '1GB'")
    definitions = [row for table in TABLES for row in _drop_indexes(cr, table)]
    different = min(entries, DIFFERENT)
    times = entries // different
    parties = parties_for(entries)
    cr.execute(
        PARTIES,
        {
            "surnames": list(SURNAMES), "surname_count": len(SURNAMES),
            "given": list(GIVEN), "given_count": len(GIVEN), "streets": list(STREETS),
            "street_count": len(STREETS), "count": parties,
        },
    )  # fmt: skip
    first_party = cr.fetchone()[0]
    say(f"{parties} parties")
    for year, year_id in town["years"].items():
        rows = {"count": different // 10, "times": times, "party": first_party,
                "parties": parties, "year": int(year), "year_id": year_id}  # fmt: skip
        _year(cr, town, rows)
    cr.execute(
        "UPDATE pcu_register_entry SET annulled_at = registered_at, annulled_by_id ="
        " create_uid, annulment_reason = 'dublură' WHERE state = 'annulled'"
    )
    say(f"{different} entries")
    cr.execute(PARTY_WORDS, {"party": first_party})
    cr.execute("SELECT min(id), max(id) FROM pcu_register_entry")
    low, high = cr.fetchone()
    for after in range(low - 1, high, STEP):
        cr.execute(WORDS, {"after": after, "upto": min(after + STEP, high)})
    cr.execute(CHECK)
    if cr.fetchone()[0] != 200:
        raise SystemExit("the words are not those that the trigger would have put")
    say("words")
    _repeat(cr, low, high, times)
    say(f"{entries} entries")
    for _name, definition in definitions:
        cr.execute(definition)
    cr.execute("SELECT pcu_register_summary_recount()")
    cr.execute("RESET session_replication_role")
    cr.execute("VACUUM ANALYZE")
    say("indexes and statistics")


def _drop_indexes(cr, table: str) -> list:
    cr.execute(INDEXES, (table,))
    rows = cr.fetchall()
    for name, _definition in rows:
        cr.execute(f'DROP INDEX "{name}"')
    return rows


def drop_ours(cr) -> None:
    """Leave the primary keys and unique numbers, as a naive program would have it."""
    for table in TABLES[:2]:
        cr.execute(INDEXES, (table,))
        for name, definition in cr.fetchall():
            if "UNIQUE" not in definition:
                cr.execute(f'DROP INDEX "{name}"')
    cr.execute("VACUUM ANALYZE")


def parties_for(entries: int) -> int:
    """Return how many parties write so many entries."""
    return max(min(entries, DIFFERENT) // 5, 1000)


def _year(cr, town, rows) -> None:
    cr.execute(
        "SELECT make_date(%s, 1, 1), LEAST(make_date(%s, 12, 31), current_date)"
        " - make_date(%s, 1, 1) + 1",
        [rows["year"]] * 3,
    )
    first, days = cr.fetchone()
    of_town = ("register", "company", "departments", "holders", "clerk")
    cr.execute(
        ENTRIES,
        {
            **rows, **{k: town[k] for k in of_town},
            "first": first, "days": days, "matters": list(MATTERS),
            "matter_count": len(MATTERS),
        },
    )  # fmt: skip
    cr.execute(
        "UPDATE pcu_register_year SET last_number = %s WHERE id = %s",
        (rows["count"] * rows["times"], rows["year_id"]),
    )


def _repeat(cr, low: int, high: int, times: int) -> None:
    cr.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM"
        " information_schema.columns WHERE table_name = 'pcu_register_entry'"
        " AND column_name NOT IN ('id', 'number', 'reference')"
    )
    again = AGAIN.format(columns=cr.fetchone()[0])
    for copy in range(1, times):
        values = {"copy": copy, "shift": copy * (high - low + 1), "upto": high}
        cr.execute(again, values)
        cr.execute(WORDS_AGAIN, values)
    cr.execute(
        "SELECT setval('pcu_register_entry_id_seq', max(id)) FROM pcu_register_entry"
    )
