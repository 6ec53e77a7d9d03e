"""What a new database gets when the registry is installed, and takes back."""

from . import searching


def post_init_hook(env):
    """Give every institution its general register, open for this year."""
    env["res.company"].sudo().search([])._pcu_create_general_register()


def uninstall_hook(env):
    """Take the triggers of the search off the tables of others."""
    searching.uninstall(env.cr)
