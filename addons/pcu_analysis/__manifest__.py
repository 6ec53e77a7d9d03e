{
    "name": "Town hall: analysis",
    "summary": "What heads see of the requests: dashboard, pivot, reports",
    "version": "19.0.1.0.0",
    "category": "Services/Town hall",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["pcu_requests"],
    "external_dependencies": {"python": ["reportlab"]},
    "data": [
        "security/pcu_analysis_security.xml",
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/pcu_request_summary_views.xml",
        "views/pcu_analysis_mail_views.xml",
        "views/analysis_mail.xml",
        "views/res_company_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "pcu_analysis/static/src/dashboard/**/*",
        ],
        "web.assets_backend_lazy": [
            "pcu_analysis/static/src/pivot/**/*",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
