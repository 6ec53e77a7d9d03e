from . import pickup_slip
