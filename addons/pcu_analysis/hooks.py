"""What is taken back when the module goes."""

from .models.pcu_request_duration import SUMS as DURATIONS
from .models.pcu_request_summary import SUMS as SUMMARY


def uninstall_hook(env):
    """Take the triggers off the requests, which stay."""
    for sums in (SUMMARY, DURATIONS):
        sums.uninstall(env.cr)
