{
    "name": "Town hall: letters from templates",
    "summary": "Answers, addresses, certificates and reports as DOCX, ODT and PDF",
    "version": "19.0.1.0.0",
    "category": "Services/Town hall",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["pcu_requests"],
    "external_dependencies": {"python": ["python-docx", "odfpy"]},
    "data": [
        "security/pcu_templates_security.xml",
        "security/ir.model.access.csv",
        "data/pcu_template_data.xml",
        "views/pcu_template_views.xml",
        "views/pcu_draft_views.xml",
        "views/pcu_request_views.xml",
        "wizards/pcu_draft_make_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["pcu_templates/static/tests/tours/*.js"],
    },
}
