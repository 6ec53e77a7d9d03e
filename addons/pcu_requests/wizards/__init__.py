from . import pcu_request_clarify
from . import pcu_request_decide
from . import pcu_request_assign
from . import pcu_request_classify
from . import pcu_request_close
