# The mixins first: a model can only inherit from one that is known.
from . import pcu_exchange_lease, pcu_exchange_mixin  # isort: split

from . import pcu_exchange_item  # isort: split

from . import (
    ir_http,
    pcu_exchange_effect,
    pcu_exchange_event,
    pcu_exchange_file,
    pcu_exchange_item_console,
    pcu_exchange_item_effects,
    pcu_exchange_item_files,
    pcu_exchange_item_ladder,
    pcu_exchange_item_manual,
    pcu_exchange_item_procedure,
    pcu_exchange_item_reconciliation,
    pcu_exchange_item_returned,
    pcu_exchange_item_steps,
    pcu_exchange_item_work,
    pcu_exchange_log,
    pcu_exchange_quota,
    pcu_exchange_reconciliation,
    pcu_exchange_reconciliation_line,
    pcu_exchange_reconciliation_run,
    pcu_exchange_telling,
    pcu_journal,
    pcu_platform,
    pcu_platform_catalogue,
    pcu_platform_health,
    pcu_platform_pace,
    pcu_platform_poll,
    pcu_platform_procedure,
    pcu_platform_refused,
    pcu_platform_rhythm,
    pcu_platform_watch,
    pcu_request,
    res_company,
)
