from . import pcu_tacit_ascertain
