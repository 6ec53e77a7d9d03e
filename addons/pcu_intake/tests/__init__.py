from . import test_doctests, test_mail, test_separators
