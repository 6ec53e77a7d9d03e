{
    "name": "Town hall: audiences",
    "summary": "Who receives citizens when, booked slots, resolution and answer",
    "version": "19.0.1.0.0",
    "category": "Services/Town hall",
    "author": "PCU suite contributors",
    "license": "LGPL-3",
    "depends": ["pcu_petitions"],
    "data": [
        "security/pcu_audiences_security.xml",
        "security/ir.model.access.csv",
        "data/mail_template_data.xml",
        "wizards/pcu_audience_book_views.xml",
        "views/pcu_audience_programme_views.xml",
        "views/pcu_audience_slot_views.xml",
        "views/pcu_request_views.xml",
        "views/menus.xml",
    ],
}
