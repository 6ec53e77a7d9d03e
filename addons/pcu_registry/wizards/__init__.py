from . import (
    pcu_register_annul,
    pcu_register_closing_export,
    pcu_register_connect,
    pcu_register_correct,
    pcu_register_print,
    pcu_register_route,
    pcu_register_slip,
    pcu_register_solve,
    pcu_routing_return,
)
