from . import health, wakeup
