from . import pcu_audience_book
