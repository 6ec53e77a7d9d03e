from . import (
    test_absence,
    test_department,
    test_doctests,
    test_document,
    test_document_text,
    test_install,
    test_journal,
    test_legal_day,
    test_legal_terms,
    test_party,
    test_security,
    test_term_course,
)
