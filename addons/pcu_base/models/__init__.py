from . import pcu_lease, pcu_work_mixin  # before the models that take them up

# isort: split
from . import (
    base_export,
    copy_silence,
    ir_attachment,
    ir_cron,
    ir_http,
    mail_activity,
    pcu_absence,
    pcu_absence_item,
    pcu_database,
    pcu_department,
    pcu_department_closing,
    pcu_document,
    pcu_document_destruction,
    pcu_document_preview,
    pcu_document_text,
    pcu_journal,
    pcu_legal_day,
    pcu_term_type,
    res_company,
    res_partner,
    res_users,
)
