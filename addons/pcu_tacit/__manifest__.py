{
    "name": "Town hall: tacit approval",
    "summary": "Procedures under OUG 27/2003 and what happens when the term passes",
    "version": "19.0.1.0.0",
    "category": "Services/Town hall",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["pcu_petitions"],
    "data": [
        "security/ir.model.access.csv",
        "data/mail_template_data.xml",
        "wizards/pcu_tacit_ascertain_views.xml",
        "views/pcu_request_views.xml",
        "views/pcu_procedure_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["pcu_tacit/static/tests/tours/**/*"],
    },
}
