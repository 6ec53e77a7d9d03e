from . import (
    pcu_audience_programme,
    pcu_audience_slot,
    pcu_journal,
    pcu_notice,
    pcu_procedure,
    pcu_request,
)
