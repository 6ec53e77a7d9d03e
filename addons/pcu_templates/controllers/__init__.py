from . import draft
