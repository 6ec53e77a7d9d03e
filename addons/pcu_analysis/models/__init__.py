from . import (
    pcu_analysis,
    pcu_analysis_mail,
    pcu_analysis_report,
    pcu_journal,
    pcu_request,
    pcu_request_duration,
    pcu_request_summary,
    res_company,
    res_users,
)
