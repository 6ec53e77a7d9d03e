{
    "name": "Town hall: issue reports",
    "summary": "What citizens report about a place, put on a map without calling out",
    "version": "19.0.1.0.0",
    "category": "Services/Town hall",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["pcu_petitions"],
    "data": [
        "views/pcu_request_views.xml",
        "views/res_company_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["pcu_issues/static/src/**/*"],
        "web.assets_tests": ["pcu_issues/static/tests/tours/**/*"],
    },
}
