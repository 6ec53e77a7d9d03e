"""What the module takes along when it is removed."""


def uninstall_hook(env):
    """Let the database refuse every destruction again, as without the archive."""
    env.cr.execute(
        """
        CREATE OR REPLACE FUNCTION pcu_document_may_be_destroyed(document integer)
        RETURNS boolean AS 'SELECT false' LANGUAGE sql STABLE;
        DROP FUNCTION IF EXISTS pcu_selection_guard() CASCADE;
        """
    )
