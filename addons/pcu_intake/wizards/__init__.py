from . import (
    pcu_intake_arrange,
    pcu_intake_arrange_page,
    pcu_intake_drop,
    pcu_intake_separators,
)
