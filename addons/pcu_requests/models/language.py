"""The language of the institution, where no person's language counts."""


def in_romanian(records):
    """Return the records in Romanian, if the database speaks it.

    What programs write for citizens or into the chatter is Romanian, whatever the
    language of the clerk or of the scheduler's user.
    """
    if records.env["res.lang"]._get_data(code="ro_RO"):
        return records.with_context(lang="ro_RO")
    return records
