from . import (
    pcu_approval_replace,
    pcu_procedure_adopt,
    pcu_procedure_compare,
    pcu_request_approve,
    pcu_request_assign,
    pcu_request_clarify,
    pcu_request_classify,
    pcu_request_close,
    pcu_request_decide,
    pcu_request_decide_approval,
    pcu_request_extend,
)
