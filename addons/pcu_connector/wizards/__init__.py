from . import pcu_exchange_manual
