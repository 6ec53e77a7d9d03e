from . import (
    ir_attachment,
    pcu_department,
    pcu_document,
    pcu_document_text,
    pcu_journal,
    pcu_legal_day,
    res_company,
    res_partner,
    res_users,
)
