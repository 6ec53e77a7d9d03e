from . import tacit_list
