from . import (
    pcu_clarification,
    pcu_document,
    pcu_notice,
    pcu_procedure,
    pcu_procedure_slot,
    pcu_register_entry,
    pcu_request,
    pcu_request_checklist,
    pcu_request_document,
    pcu_request_filing,
    pcu_request_solving,
    pcu_request_term,
)
