"""The closed list of fields that a template may name, and the rights they follow.

No personal code (CNP) is on it: who needs one on a certificate types it there.
"""

FIELDS = (
    "request.number",
    "request.date",
    "request.piseg",
    "request.platform",
    "request.title",
    "request.due_date",
    "request.missing",
    "request.fee",
    "applicant.name",
    "applicant.address",
    "applicant.representative",
    "institution.name",
    "institution.city",
    "institution.address",
    "institution.phone",
    "institution.email",
    "institution.cui",
    "institution.head",
    "institution.head_title",
    "institution.secretary",
    "department.name",
    "department.head",
    "department.phone",
    "inspector.name",
    "procedure.name",
    "procedure.legal_basis",
    "procedure.appeal",
    "procedure.term_law",
    "clarification.text",
    "clarification.due_date",
    "today",
)
