{
    "name": "Town Hall Intake",
    "summary": "How paper, e-mail and old books come into the register",
    "version": "19.0.1.0.0",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "category": "Services/Town Hall",
    "depends": ["pcu_registry"],
    "external_dependencies": {"python": ["pypdfium2", "zxing-cpp", "openpyxl"]},
    "data": [
        "security/pcu_intake_security.xml",
        "security/ir.model.access.csv",
        "wizards/pcu_intake_separators_views.xml",
        "views/pcu_intake_message_views.xml",
        "views/pcu_register_views.xml",
        "views/fetchmail_server_views.xml",
        "views/menus.xml",
    ],
}
