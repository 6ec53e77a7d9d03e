{
    "name": "Town Hall Requests and Archive",
    "summary": "Who ends a request chooses the code of the file plan",
    "version": "19.0.1.0.0",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "category": "Services/Town Hall",
    "depends": ["pcu_requests", "pcu_archive"],
    "data": ["wizards/pcu_request_end_views.xml"],
    "auto_install": True,
}
