from . import (
    test_doctests,
    test_import,
    test_mail,
    test_mailboxes,
    test_recognition,
    test_scans,
    test_separators,
    test_tables,
)
