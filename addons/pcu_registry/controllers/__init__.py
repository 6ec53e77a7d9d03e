from . import slip, status
