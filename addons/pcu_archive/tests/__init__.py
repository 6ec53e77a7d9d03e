from . import (
    test_classification,
    test_doctests,
    test_file,
    test_hold,
    test_import,
    test_inventory,
    test_security,
    test_selection,
    test_solving,
    test_transfer,
)
