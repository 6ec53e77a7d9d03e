from . import (
    pcu_draft,
    pcu_draft_letter,
    pcu_draft_version,
    pcu_journal,
    pcu_request,
    pcu_template,
)
