from . import pcu_exchange_manual, pcu_exchange_repair
