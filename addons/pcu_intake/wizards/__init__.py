from . import pcu_intake_separators
