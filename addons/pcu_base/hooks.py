"""What the module does once, when it is installed or removed."""


def post_init_hook(env):
    """Fill the legal holidays so that terms are right from the first request."""
    env["pcu.legal.day"]._fill_legal_holidays()
    # Nothing may be told to a publisher from a town hall's network.
    cron = env.ref("mail.ir_cron_module_update_notification", False)
    if cron:
        cron.active = False


def uninstall_hook(env):
    """Take the guard off Odoo's own table; ours disappear with their tables."""
    env.cr.execute(
        """
        DROP TRIGGER IF EXISTS pcu_document_attachment_guard ON ir_attachment;
        DROP FUNCTION IF EXISTS pcu_document_attachment_guard() CASCADE;
        DROP FUNCTION IF EXISTS pcu_document_guard() CASCADE;
        DROP FUNCTION IF EXISTS pcu_document_may_be_destroyed(integer) CASCADE;
        DROP FUNCTION IF EXISTS pcu_journal_guard() CASCADE;
        DROP FUNCTION IF EXISTS pcu_refuse_truncate() CASCADE;
        """
    )
