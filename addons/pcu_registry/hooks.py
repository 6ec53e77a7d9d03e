"""What a new database gets when the registry is installed."""


def post_init_hook(env):
    """Give every institution its general register, open for this year."""
    env["res.company"].sudo().search([])._pcu_create_general_register()
