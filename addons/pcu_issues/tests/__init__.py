from . import test_issues, test_pure
