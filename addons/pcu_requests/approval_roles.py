"""Who gives a visa or signs, as romania.md section 10 lists them.

The law forbids the legal visa and the financial visa (CFP) to whoever made the paper:
OG 119/1999 art. 9 and OMFP 923/2014 for CFP, the statute of legal advisers for the
visa of legality. Both articles are general knowledge here, to be checked.
"""

LEGAL = "legal"
CFP = "cfp"
HEAD = "head"
DIRECTOR = "director"
SECRETARY = "secretary"
DEPUTY = "deputy"
ADMINISTRATOR = "administrator"
MAYOR = "mayor"
PERSON = "person"

ROLES = [
    (LEGAL, "Legal visa"),
    (CFP, "Preventive financial control visa (CFP)"),
    (HEAD, "Head of department"),
    (DIRECTOR, "Director"),
    (SECRETARY, "Secretary general"),
    (DEPUTY, "Deputy mayor"),
    (ADMINISTRATOR, "Public administrator"),
    (MAYOR, "Mayor"),
    (PERSON, "A person by name"),
]

#: Roles in which nobody approves what they have made themselves.
FOUR_EYES = frozenset({LEGAL, CFP})

#: The field of the institution that says who holds an office.
OFFICES = {
    LEGAL: "pcu_legal_id",
    CFP: "pcu_cfp_id",
    SECRETARY: "pcu_secretary_id",
    DEPUTY: "pcu_deputy_id",
    ADMINISTRATOR: "pcu_administrator_id",
    MAYOR: "pcu_head_id",
}

PENDING = "pending"
ASKED = "asked"
APPROVED = "approved"
RETURNED = "returned"
DROPPED = "dropped"

STATES = [
    (PENDING, "Not their turn yet"),
    (ASKED, "Asked"),
    (APPROVED, "Approved"),
    (RETURNED, "Returned for correction"),
    (DROPPED, "Not needed any more"),
]

#: What somebody still has to do.
OPEN_STATES = (PENDING, ASKED)
