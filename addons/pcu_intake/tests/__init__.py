from . import test_doctests, test_separators
