"""A day's work in the demonstration town hall (runs in `odoo shell`).

Something in every list of the registry, the intake, the archive and the desks: drafts
and entries in each state, replies, a range, lists for the house and for the post, an
absence, files on their way through inventories, selection and transfer, e-mails, an
import; requests of each kind with what their law adds.
Done by the people whose work it is, with the buttons' own methods.
"""

import base64
from datetime import timedelta
from email.message import EmailMessage

from odoo.addons.pcu_base.romania import local_day

from townhall import papers

env = globals()["env"](context={"lang": "ro_RO", "tz": "Europe/Bucharest"})
company = env.ref("base.main_company")
env = env(context=dict(env.context, allowed_company_ids=company.ids))
today = local_day()

SENDERS = {
    "Ana Popescu": {
        "pcu_party_kind": "natural",
        "email": "ana.popescu@exemplu.invalid",
        "street": "Str. Fântânii nr. 3",
        "city": "Valea Mare",
    },
    "Gheorghe Țăranu": {"pcu_party_kind": "natural", "city": "Valea Mare"},
    "SC Brutăria Spicul SRL": {"pcu_party_kind": "legal", "is_company": True},
    "Consiliul Județean Ilfov": {
        "pcu_party_kind": "authority",
        "is_company": True,
        "street": "Str. Gheorghe Manu nr. 18",
        "city": "București",
    },
}
#: sender, summary, department it goes to, who has it, how it ended
PAPERS = (
    ("Ana Popescu", "Cerere certificat de urbanism, Str. Fântânii nr. 3", "URB",
     "urbanism", "favourable"),
    ("Gheorghe Țăranu", "Sesizare privind iluminatul public pe Aleea Teilor", "URB",
     "urbanism", None),
    ("SC Brutăria Spicul SRL", "Cerere acord de funcționare pentru brutărie", "COM",
     "comercial", None),
    ("Consiliul Județean Ilfov", "Adresă privind situația drumurilor comunale", "URB",
     None, None),
    ("Ana Popescu", "Cerere eliberare certificat de atestare fiscală", "ITL", "taxe",
     "favourable"),
    ("Gheorghe Țăranu", "Cerere de informații de interes public", None, None, None),
    ("SC Brutăria Spicul SRL", "Declarație anuală privind reclama", None, None, None),
)  # fmt: skip


def person(login):
    return env["res.users"].search([("login", "=", login)])


def of(login, model):
    """Return a model as somebody sees it."""
    return env[model].with_user(person(login))


def department(code):
    return env["pcu.department"].search([("code", "=", code)])


def registry():
    """Register the day's papers, send them on, solve some."""
    senders = {
        name: env["res.partner"].create({"name": name, **values})
        for name, values in SENDERS.items()
    }
    entries = of("registratura", "pcu.register.entry")
    done = entries.browse()
    for number, (sender, summary, code, login, resolution) in enumerate(PAPERS, 1):
        entry = entries.create(
            {
                "sender_id": senders[sender].id,
                "summary": summary,
                "external_number": f"{100 + number}",
                "external_date": today - timedelta(days=1),
                "page_count": number,
            }
        )
        env["pcu.document"]._create_from_bytes(
            [
                {
                    **entry._prepare_document_values(),
                    "name": f"cerere-{number}.pdf",
                    "content": papers.pdf("Cerere", summary),
                }
            ]
        )
        register(entry)
        if code:
            entry.action_route(
                department(code),
                person(login or ""),
                "Vă rog analizați și răspundeți în termen.",
            )
        if resolution:
            entry.with_user(person(login)).action_solve(resolution)
        done |= entry
    # One lies before the mayor, one before the secretary.
    done[-1].action_ask_resolution(person("primar"), "Se plătește până la 31 martie.")
    done[3].action_ask_resolution(person("secretar"))
    reply = entries.create(
        {
            "direction": "outgoing",
            "answers_id": done[0].id,
            "recipient_id": done[0].sender_id.id,
            "summary": "Certificat de urbanism nr. 12",
        }
    )
    notice = entries.create(
        {
            "direction": "outgoing",
            "recipient_id": senders["Consiliul Județean Ilfov"].id,
            "summary": "Răspuns privind drumurile comunale",
        }
    )
    wrong = entries.create({"sender_id": senders["Ana Popescu"].id, "summary": "Dublu"})
    register(reply, notice, wrong)
    wrong.action_annul("Înregistrată de două ori, vezi numărul de mai sus.")
    entries.create({"sender_id": senders["Ana Popescu"].id, "summary": "De completat"})
    done[1].action_correct(
        {"summary": f"{done[1].summary} nr. 4"}, "Adresa era incompletă."
    )
    return done, reply, notice


def register(*entries):
    for entry in entries:
        entry.action_register()
        env.cr.commit()


def house(done, reply, notice):
    """Hand papers over, post letters, set numbers aside, replace who is away."""
    wizard = of("registratura", "pcu.handover.make").create(
        {"entry_ids": [(6, 0, done[1:4].ids)]}
    )
    wizard.action_confirm()
    dispatch = of("registratura", "pcu.dispatch.make")
    dispatch.create({"entry_ids": [(6, 0, notice.ids)]}).action_confirm()
    lists = of("registratura", "pcu.dispatch.list").search([])
    lists.dispatch_ids.write({"tracking_number": "RO123456789RO", "tariff": 12.5})
    lists.action_send()
    dispatch.create({"entry_ids": [(6, 0, reply.ids)]}).action_confirm()
    aside = of("registratura", "pcu.register.range").create(
        {"name": "Rețea oprită", "purpose": "outage", "size": 10}
    )
    aside.action_set_aside()
    env.cr.commit()
    of("administrator", "pcu.absence").create(
        {
            "user_id": person("urbanism").id,
            "substitute_id": person("sef.urbanism").id,
            "date_from": today,
            "date_to": today + timedelta(days=7),
            "reason": "Concediu de odihnă",
        }
    )


def archive():
    """Bring old files into the archive, and propose what may go."""
    archivist = person("arhiva")
    codes = env["pcu.classification"].search([("plan_id.state", "=", "in_force")])
    short = codes.filtered(lambda c: c.retention_kind == "years")[:3]
    kept = codes.filtered(lambda c: c.retention_kind == "permanent")[:2]
    files = env["pcu.file"].with_user(archivist)
    old = files.create(
        [
            {
                "classification_id": code.id,
                "department_id": department("REG").id,
                "year": year,
                "first_date": f"{year}-01-05",
                "last_date": f"{year}-12-19",
                "sheet_count": 120,
                "location": "Depozit 1, raft 3, cutia 12",
            }
            for code in short | kept
            for year in (2012, 2013)
        ]
    )
    old.action_close()
    old.action_make_inventories()
    waiting = files.create(
        [
            {
                "classification_id": short[0].id,
                "department_id": department("REG").id,
                "year": 2023,
                "first_date": "2023-01-05",
                "last_date": "2023-12-19",
                "sheet_count": 80,
            }
        ]
    )
    handover = env["pcu.archive.handover"].with_user(archivist)
    minutes = handover.create(
        {
            "name": "14",
            "department_id": department("REG").id,
            "handed_by_id": person("registratura").id,
            "received_by_id": archivist.id,
        }
    )
    minutes.action_take_inventories()
    minutes.action_sign()
    waiting.action_close()
    waiting.action_make_inventories()
    commission = env["pcu.selection.commission"].create(
        {
            "name": "Dispoziția nr. 7",
            "president_id": person("primar").id,
            "secretary_id": archivist.id,
            "member_ids": [(6, 0, person("comisie").ids)],
        }
    )
    selection = env["pcu.selection"].with_user(archivist)
    proposed = selection.create({"name": "1", "commission_id": commission.id})
    proposed.action_collect()
    proposed.action_decide()
    env["pcu.hold"].with_user(archivist).create(
        {
            "name": "Dosar 123/93/2026",
            "reason": "Instanța a cerut păstrarea dosarului.",
            "file_ids": [(6, 0, old[-1].ids)],
        }
    )
    env["pcu.transfer"].with_user(archivist).create(
        {"name": "Predare 2026", "file_ids": [(6, 0, old[-2].ids)]}
    )


def intake():
    """Receive e-mails, and begin to take over an old register."""
    domain = env["mail.alias.domain"].create({"name": "valea-mare.invalid"})
    company.alias_domain_id = domain
    env["pcu.register.entry"]._default_register_id().alias_name = "registratura"
    for number, subject in enumerate(("Cerere acord", "Întrebare despre taxe"), 1):
        mail = EmailMessage()
        mail["From"] = "Ana Popescu <ana.popescu@exemplu.invalid>"
        mail["To"] = "registratura@valea-mare.invalid"
        mail["Subject"] = subject
        mail["Message-ID"] = f"<{number}@exemplu.invalid>"
        mail.set_content("Bună ziua,\n\nVă rog să-mi răspundeți.\n\nAna Popescu")
        mail.add_attachment(
            papers.pdf(subject, "Alăturat."),
            maintype="application", subtype="pdf", filename="cerere.pdf",
        )  # fmt: skip
        env["mail.thread"].message_process(None, mail.as_bytes())
    table = (
        "Nr.;Data;Emitent;Conținut\n1;05.01.2019;Ion Ionescu;Cerere\n"
        "2;07.01.2019;Maria Pop;Sesizare\nX;;;\n"
    )
    of("registratura", "pcu.intake.import").create(
        {
            "name": "registru-2019.csv",
            "content": base64.b64encode(table.encode()),
        }
    )


def ask(code, applicant, subject, **values):
    """File a request of a procedure with the head of urbanism."""
    request = env["pcu.request"]._file(
        {
            "company_id": company.id,
            "procedure_code": code,
            "department_id": department("URB").id,
            "applicant_id": applicant.id,
            "channel": "counter",
            "subject": subject,
            **values,
        }
    )
    env.cr.commit()
    request.with_user(person("sef.urbanism")).action_take()
    return request


def desks():
    """Work on a request of each kind of its own law."""
    env["pcu.procedure"].create(
        [
            {
                "code": code,
                "name": name,
                "kind": kind,
                "department_id": department("URB").id,
            }
            for code, name, kind in (
                ("AUD", "Audiență", "audience"), ("SES", "Sesizare", "issue"),
            )
        ]
    )  # fmt: skip
    citizen = env["res.partner"].search([("name", "=", "Ana Popescu")], limit=1)
    nobody = env.ref("pcu_petitions.partner_anonymous")
    ask("PET", nobody, "Zgomot pe timp de noapte")
    ask("PET", citizen, "Groapă în carosabil pe Str. Fântânii")
    ask("L544", citizen, "Bugetul pe anul viitor")
    refused = ask("L544", citizen, "Contractele de lucrări din anul trecut")
    refused._refuse_information(
        env.ref("pcu_law544.ground_commercial"), "Ofertele conțin secrete comerciale."
    )
    of("registratura", "pcu.law544.complaint").create({"request_id": refused.id})
    for days in (4, -1):
        silent = ask("AOF", citizen, "Acord pentru terasă")
        silent.sudo().due_date = today + timedelta(days=days)
    programme = of("registratura", "pcu.audience.programme").create(
        {
            "host_id": person("sef.urbanism").id,
            "weekday": "4",
            "hour_from": 10,
            "hour_to": 12,
            "slot_minutes": 20,
            "place": "Sala de ședințe",
        }
    )
    programme.action_make_slots()
    ask("AUD", citizen, "Situația gardului dinspre Str. Fântânii")
    ask(
        "SES", citizen, "Stâlp de iluminat căzut", place_address="Aleea Teilor nr. 4",
        place_latitude=44.62, place_longitude=25.98,
    )  # fmt: skip
    written = ask("CU", citizen, "Certificat pentru Str. Fântânii nr. 3")
    written = written.with_user(person("sef.urbanism"))
    written.env["pcu.draft"]._make(written, env.ref("pcu_templates.template_answer"))
    of("registratura", "pcu.law.report").create({"kind": "petitions"}).action_count()


house(*registry())
archive()
intake()
desks()
env.cr.commit()
