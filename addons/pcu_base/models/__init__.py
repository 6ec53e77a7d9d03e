from . import pcu_department
from . import res_users
from . import res_company
from . import res_partner
from . import pcu_legal_day
from . import pcu_document
from . import ir_attachment
from . import pcu_journal
