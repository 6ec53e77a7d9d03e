from . import test_request_code
