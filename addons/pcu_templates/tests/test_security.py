"""Who may do what with templates, drafts and their versions."""

from odoo.addons.pcu_requests.tests.test_security import CATALOGUE, READ_ONLY
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DraftsCase

RIGHTS = {
    "pcu.template": CATALOGUE,
    "pcu.draft": READ_ONLY
    | {"inspector": {"read", "write"}, "head": {"read", "write"}},
    "pcu.draft.version": READ_ONLY,
}

DIALOGS = {
    "pcu.draft.compare": ("operator", "inspector", "head", "auditor", "approver"),
    "pcu.draft.make": ("inspector", "head"),
}


@tagged("post_install", "-at_install")
class TestDraftSecurity(DraftsCase):
    """Least rights."""

    def setUp(self):
        super().setUp()
        self.approver = self.mayor
        self.procedure.approval_step_ids = [(0, 0, {"role": "mayor"})]
        self.draft = self._drafted()
        self.draft.request_id._send_for_approval("favourable", "Da.")
        self.records = {
            "pcu.template": self.template,
            "pcu.draft": self.draft,
            "pcu.draft.version": self.draft.version_ids,
        }

    def test_each_role_and_verb(self):
        """The table of rights is what the database of rights says."""
        for model, roles in RIGHTS.items():
            self.assertVerbs(self.records[model], **roles)
        self.assertDialogs(DIALOGS, CATALOGUE)
        self.assertModelsListed("pcu_templates", RIGHTS, DIALOGS)

    def test_drafts_of_a_confidential_request_are_confidential(self):
        """The registry sees others' drafts, not these."""
        for model in ("pcu.draft", "pcu.draft.version"):
            record = self.records[model].with_user(self.operator)
            self.assertTrue(record.has_access("read"))
        self.draft.request_id.sudo().confidential = True
        self.env.flush_all()
        for model in ("pcu.draft", "pcu.draft.version"):
            record = self.records[model].with_user(self.operator)
            self.assertFalse(record.has_access("read"))

    def test_another_department_and_approver_see_nothing(self):
        """Neither drafts nor their versions."""
        other = self._user("other", "pcu_base.group_approver")
        for user in (self.stranger, other):
            for model in ("pcu.draft", "pcu.draft.version"):
                with self.subTest(user=user.login, model=model):
                    found = self.env[model].with_user(user).search([])
                    self.assertFalse(found & self.records[model])
                    with self.assertRaises(AccessError):
                        self.records[model].with_user(user).read(["id"])

    def test_lists_cost_no_query_more_for_more_rows(self):
        """Drafts and templates."""
        drafts = self.draft.union(*(self._drafted() for _ in range(7)))
        view = "pcu_templates.pcu_draft_view_list"
        self.assertListStaysFlat(drafts, self.inspector, view)
        templates = self.env["pcu.template"].search([])
        for number in range(8 - len(templates)):
            templates |= self._template("<p>Da.</p>", name=f"Șablon {number}")
        self.assertListStaysFlat(templates, self.administrator)
