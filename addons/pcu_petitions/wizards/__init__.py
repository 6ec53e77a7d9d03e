from . import pcu_petition_match, pcu_petition_redirect
