from . import law_report
