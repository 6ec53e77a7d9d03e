from . import pcu_law544_refuse, pcu_law544_register
