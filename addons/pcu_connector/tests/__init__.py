from . import (
    test_adapter,
    test_answers,
    test_citizens,
    test_faults,
    test_intake,
    test_leases,
    test_manual,
    test_platform,
    test_pure,
    test_reconciliation,
    test_security,
    test_wakeup,
)
