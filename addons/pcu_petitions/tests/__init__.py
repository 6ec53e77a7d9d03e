from . import (
    test_anonymous,
    test_impartiality,
    test_law_report,
    test_matter,
    test_redirect,
    test_security,
    test_tours,
)
