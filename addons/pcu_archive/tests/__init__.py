from . import (
    test_classification,
    test_doctests,
    test_file,
    test_import,
    test_security,
    test_solving,
)
