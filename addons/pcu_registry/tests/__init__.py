from . import (
    test_annulment,
    test_closing,
    test_documents,
    test_numbering,
    test_ranges,
    test_register,
    test_replies,
    test_routing,
    test_routing_several,
    test_security,
    test_stamping,
)
