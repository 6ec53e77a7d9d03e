from . import test_audiences
