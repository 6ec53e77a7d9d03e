from . import archive_print
