"""The examples in the docstrings of the pure modules are true."""

from odoo.addons.pcu_base.tests.common import Examples
from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestDoctests(Examples, BaseCase):
    PURE = (
        "document_page",
        "document_text",
        "file_types",
        "identity",
        "journal_chain",
        "legal_terms",
        "number_spans",
        "previewing",
        "romania",
        "signed_containers",
        "term_course",
        "virus_scanner",
        "worker_identity",
    )
