from . import test_drafts, test_security, test_templates, test_tour, test_writers
