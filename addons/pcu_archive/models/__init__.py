from . import (  # the other models inherit from them
    pcu_archive_guarded,
    pcu_archive_print,
    pcu_classification_choice,
)

# isort: split
from . import (
    pcu_archive_handover,
    pcu_archive_movement,
    pcu_archive_sheet,
    pcu_classification,
    pcu_classification_plan,
    pcu_document,
    pcu_file,
    pcu_file_leaving,
    pcu_hold,
    pcu_inventory,
    pcu_journal,
    pcu_register_entry,
    pcu_selection,
    pcu_selection_commission,
    pcu_selection_destruction,
    pcu_transfer,
    res_company,
)
