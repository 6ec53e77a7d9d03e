from . import (
    pcu_journal,
    pcu_law_report,
    pcu_law_report_line,
    pcu_law_report_petitions,
    pcu_notice,
    pcu_petition_topic,
    pcu_procedure,
    pcu_request,
    pcu_request_impartiality,
    pcu_request_matter,
    pcu_request_redirect,
    res_partner,
)
