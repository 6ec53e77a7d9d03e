from . import (
    test_absence,
    test_clarification,
    test_desk,
    test_documents,
    test_filing,
    test_notices,
    test_pure,
    test_reminders,
    test_security,
    test_solving,
    test_term_steps,
    test_terms,
)
