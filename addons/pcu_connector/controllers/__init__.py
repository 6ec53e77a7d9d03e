from . import wakeup
