"""Fill an empty database with the demonstration town hall (runs in `odoo shell`).

Romanian for everybody, one user per role and a few more, the departments of a small
town, and the procedures of procedures.toml.
"""

import base64
import os
import tomllib
from pathlib import Path

from odoo.fields import Command

PASSWORD = os.environ["PCU_PASSWORD"]
FOLDER = Path(os.environ["PYTHONPATH"]) / "townhall"

DEPARTMENTS = {
    "REG": "Registratură și relații cu publicul",
    "REL": "Compartiment petiții și informații publice",
    "URB": "Urbanism și amenajarea teritoriului",
    "ITL": "Impozite și taxe locale",
    "COM": "Autorizări comerciale",
    "ASO": "Asistență socială",
    "STC": "Stare civilă",
}
#: login: (name, groups, departments, head of)
USERS = {
    "primar": ("Ioana Crăciun", ["group_auditor", "group_approver"], [], []),
    "secretar": ("Ștefan Manea", ["group_auditor", "group_approver"], [], []),
    "juridic": ("Corina Ștefănescu", ["group_approver"], [], []),
    "registratura": ("Maria Dobre", ["group_registry_operator"], ["REG"], []),
    "sef.urbanism": ("Andrei Țurcanu", ["group_head"], ["URB"], ["URB"]),
    "urbanism": ("Elena Șerban", ["group_inspector"], ["URB"], []),
    "sef.taxe": ("Vasile Pîrvu", ["group_head"], ["ITL"], ["ITL"]),
    "taxe": ("Ștefania Ilie", ["group_inspector"], ["ITL"], []),
    "petitii": ("Mihai Înțelescu", ["group_inspector"], ["REL"], []),
    "comercial": ("Raluca Moței", ["group_inspector"], ["COM"], []),
    "social": ("Gabriela Nițu", ["group_inspector"], ["ASO"], []),
    "starecivila": ("Camelia Oprea", ["group_inspector"], ["STC"], []),
    "auditor": ("Dan Vlăsceanu", ["group_auditor"], [], []),
    "administrator": ("Radu Bălan", ["group_admin"], [], []),
}
#: The code under which a department's papers go unless somebody chooses another.
DEFAULT_CODES = {
    "REG": "I/B/6",
    "REL": "I/B/4",
    "URB": "II/A/5",
    "ITL": "III/A/4",
    "COM": "II/B/2",
    "ASO": "IV/A/4",
    "STC": "V/A/4",
}
#: login: (name, group of the archive)
ARCHIVE = {
    "arhiva": ("Silvia Țîrlea", "group_archivist"),
    "comisie": ("Nicolae Bârsan", "group_archive_commission"),
}

#: login: the office in the institution
OFFICES = {
    "primar": "pcu_head_id",
    "secretar": "pcu_secretary_id",
    "juridic": "pcu_legal_id",
}

#: What a role, or an office, sees first; the others land in the first application.
HOME = {
    "group_inspector": "pcu_requests.pcu_request_action_mine",
    "group_head": "pcu_requests.pcu_request_action_pool",
    "pcu_head_id": "pcu_registry.pcu_resolution_action",
    "pcu_secretary_id": "pcu_registry.pcu_resolution_action",
}

env = globals()["env"](context={"no_reset_password": True, "lang": "ro_RO"})
company = env.ref("base.main_company")


def institution():
    company.write(
        {
            "name": "Primăria Orașului Valea Mare",
            "street": "Str. Unirii nr. 1",
            "city": "Valea Mare",
            "country_id": env.ref("base.ro").id,
            "email": "registratura@valea-mare.invalid",
            "phone": "0200 000 000",
            "website": "https://valea-mare.invalid",
            "pcu_uat_kind": "town",
            "pcu_cui": "4305857",
            "pcu_head_title": "Primar",
        }
    )
    env.ref("base.RON").active = True
    company.currency_id = env.ref("base.RON")
    company.partner_id.lang = "ro_RO"
    env["ir.default"].set("res.partner", "lang", "ro_RO")
    env["ir.default"].set("res.partner", "tz", "Europe/Bucharest")
    env.ref("base.user_admin").write(
        {"lang": "ro_RO", "tz": "Europe/Bucharest", "password": PASSWORD}
    )


def departments():
    return {
        code: env["pcu.department"].create(
            {"code": code, "name": name, "company_id": company.id}
        )
        for code, name in DEPARTMENTS.items()
    }


def make_user(login, name, groups):
    return env["res.users"].create(
        {
            "login": login,
            "name": name,
            "password": PASSWORD,
            "email": f"{login}@valea-mare.invalid",
            "lang": "ro_RO",
            "tz": "Europe/Bucharest",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(group).id) for group in groups],
        }
    )


def users(department):
    for login, (name, groups, member_of, head_of) in USERS.items():
        user = make_user(login, name, [f"pcu_base.{group}" for group in groups])
        if groups[0] in HOME:
            user.action_id = env.ref(HOME[groups[0]]).id
        for code in member_of:
            department[code].member_ids = [Command.link(user.id)]
        for code in head_of:
            department[code].head_id = user
    for login, office in OFFICES.items():
        user = company[office] = env["res.users"].search([("login", "=", login)])
        if office in HOME:
            user.action_id = env.ref(HOME[office]).id


def procedures(department):
    with (FOLDER / "procedures.toml").open("rb") as source:
        data = tomllib.load(source)["procedure"]
    made = env["pcu.procedure"].create([procedure_values(p, department) for p in data])
    made._publish("Procedurile de la deschidere")


def term_values(procedure):
    """Take the term from the catalogue of legal terms, or as it is written here."""
    if code := procedure.get("legal_term"):
        term = env["pcu.term.type"].search([("code", "=", code)])
        term.ensure_one()
        return {"term_type_id": term.id}
    length, unit = procedure["term"]
    return {"term_length": length, "term_unit": unit, "term_law": procedure["law"]}


def procedure_values(procedure, department):
    return {
        **term_values(procedure),
        "code": procedure["code"],
        "name": procedure["name"],
        "kind": procedure.get("kind", "general"),
        "company_id": company.id,
        "department_id": department[procedure["department"]].id,
        "fee_note": procedure.get("fee_note"),
        "appeal_note": procedure.get("appeal"),
        "source_note": procedure.get("source_note"),
        "slot_ids": [
            Command.create(
                {
                    "code": code,
                    "name": name,
                    "mandatory": mandatory,
                    "document_type": kind,
                    "sequence": 10 * number,
                }
            )
            for number, (code, name, mandatory, kind) in enumerate(
                procedure["documents"], 1
            )
        ],
    }


def file_plan(department):
    """Import the plan as the archivist would, and put it in force."""
    for login, (name, group) in ARCHIVE.items():
        make_user(login, name, [f"pcu_archive.{group}"])
    plan = env["pcu.classification.plan"].create(
        {
            "name": "Nomenclator arhivistic",
            "approval_number": "Dispoziția nr. 12",
            "approval_date": "2024-11-04",
            "confirmation_number": "A-1234",
            "confirmation_date": "2024-12-02",
            "valid_from": "2025-01-01",
        }
    )
    wizard = env["pcu.classification.import"].create(
        {
            "plan_id": plan.id,
            "filename": "nomenclator.csv",
            "content": base64.b64encode((FOLDER / "nomenclator.csv").read_bytes()),
        }
    )
    wizard.action_preview()
    wizard.action_import()
    by_code = {code.code: code for code in plan.classification_ids}
    for name, code in DEFAULT_CODES.items():
        by_code[code].write({"department_id": department[name].id, "is_default": True})
    plan.action_approve()
    plan.action_confirm()


institution()
by_code = departments()
users(by_code)
procedures(by_code)
file_plan(by_code)
# So that the first page that somebody opens doesn't wait for them.
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
