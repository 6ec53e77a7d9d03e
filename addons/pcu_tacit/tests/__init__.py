from . import test_tacit
