from . import pcu_journal, pcu_notice, pcu_procedure, pcu_request
