from . import (
    test_answering,
    test_complaint,
    test_public_register,
    test_refusal,
    test_report,
    test_security,
    test_tours,
)
