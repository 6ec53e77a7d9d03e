from . import pcu_draft_compare, pcu_draft_make, pcu_request_decide
