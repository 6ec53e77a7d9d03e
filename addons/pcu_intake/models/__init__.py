from . import (
    fetchmail_server,
    mail_thread,
    pcu_intake_file,
    pcu_intake_message,
    pcu_intake_message_reading,
    pcu_journal,
    pcu_register,
)
