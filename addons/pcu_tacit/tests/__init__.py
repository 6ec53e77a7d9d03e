from . import test_tacit, test_tours
