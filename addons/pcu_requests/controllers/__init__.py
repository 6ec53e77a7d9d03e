from . import pickup_slip, request_sheets
