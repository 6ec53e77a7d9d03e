from . import pcu_request_end
