from . import (
    pcu_journal,
    pcu_law544_complaint,
    pcu_law544_domain,
    pcu_law544_ground,
    pcu_law_report,
    pcu_notice,
    pcu_procedure,
    pcu_request,
    pcu_request_publication,
    pcu_request_refusal,
    res_company,
)
