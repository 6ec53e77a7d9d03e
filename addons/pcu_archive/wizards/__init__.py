from . import pcu_classification_import, pcu_register_solve
