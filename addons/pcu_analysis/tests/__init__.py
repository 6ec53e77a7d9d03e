from . import test_figures, test_mail, test_pure, test_rights
