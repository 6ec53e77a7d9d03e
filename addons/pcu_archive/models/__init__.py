from . import (
    pcu_classification,
    pcu_classification_plan,
    pcu_file,
    pcu_journal,
    pcu_register_entry,
)
