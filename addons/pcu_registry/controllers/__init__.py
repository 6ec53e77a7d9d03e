from . import paper_list, slip, status
