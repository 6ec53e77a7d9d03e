from . import pcu_procedure, pcu_request, res_company
