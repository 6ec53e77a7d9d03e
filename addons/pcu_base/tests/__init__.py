from . import test_legal_terms
