"""A request under way and the templates that are shipped."""

from odoo.addons.pcu_requests.tests.common import RequestsCase


class DraftsCase(RequestsCase):
    """Factories: a template, a draft on a request in progress."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mayor = cls._user("mayor", "pcu_base.group_approver")
        cls.company.write(
            {
                "pcu_head_id": cls.mayor.id,
                "pcu_head_title": "Primar",
                "city": "Valea Mare",
                "logo": False,
            }
        )
        cls.procedure.write(
            {"legal_basis": "Legea nr. 50/1991", "appeal_note": "Legea 554/2004 art. 7"}
        )
        cls.template = cls.env.ref("pcu_templates.template_answer")

    @classmethod
    def _template(cls, body, **values):
        return cls.env["pcu.template"].create(
            {"name": "Șablon", "kind": "answer", "body": body, **values}
        )

    def _drafted(self, template=None, **values):
        """A draft that the inspector made on a request in progress."""
        request = self._in_progress(**values)
        drafts = self.env["pcu.draft"].with_user(self.inspector)
        return drafts._make(
            request.with_user(self.inspector), template or self.template
        )
