from . import (
    pcu_document,
    pcu_register,
    pcu_register_check,
    pcu_register_entry,
    pcu_register_entry_documents,
    pcu_register_entry_numbering,
    pcu_register_entry_routing,
    pcu_register_entry_stamp,
    pcu_register_year,
    pcu_routing,
    res_company,
)
