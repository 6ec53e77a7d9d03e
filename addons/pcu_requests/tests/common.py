"""The world of the tests: one town hall, two departments, a person for each role."""

from freezegun import freeze_time
from odoo.addons.pcu_base.tests.common import RolesAndVerbs
from odoo.tests import TransactionCase

#: A Thursday; thirty free days later is Easter Sunday (romania.md 4.3).
FILED_ON = "2026-03-12 08:00:00"


class RequestsCase(RolesAndVerbs, TransactionCase):
    """Factories name the trait that matters: filed, in progress, decided."""

    #: A browser can't wait while the clock stands: its tests set this to None.
    frozen_at = FILED_ON

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.request_class = type(cls.env["pcu.request"])
        cls.company = cls.env.company
        cls.company.write({"name": "Primăria Exemplu", "email": "registratura@ex.ro"})
        cls.operator = cls._user("operator", "pcu_base.group_registry_operator")
        cls.inspector = cls._user("inspector", "pcu_base.group_inspector")
        cls.colleague = cls._user("colleague", "pcu_base.group_inspector")
        cls.head = cls._user("head", "pcu_base.group_head")
        cls.stranger = cls._user("stranger", "pcu_base.group_inspector")
        cls.auditor = cls._user("auditor", "pcu_base.group_auditor")
        cls.administrator = cls._user("administrator", "pcu_base.group_admin")
        cls.urbanism = cls._department(
            "URB", "Urbanism", cls.head, cls.inspector | cls.colleague
        )
        cls.taxes = cls._department("TAX", "Taxe", None, cls.stranger)
        cls.procedure = cls._procedure("CU", "Certificat de urbanism", cls.urbanism)
        cls.citizen = cls.env["res.partner"].create(
            {
                "name": "Ion Țăranu",
                "email": "ion@example.com",
                "pcu_party_kind": "natural",
            }
        )

    def setUp(self):
        super().setUp()
        if not self.frozen_at:
            return
        clock = freeze_time(self.frozen_at)
        self.clock = clock.start()
        self.addCleanup(clock.stop)

    # ------------------------------------------------------------------
    # Factories
    # ------------------------------------------------------------------

    @classmethod
    def _user(cls, login, group):
        return cls.make_user(login, group)

    @classmethod
    def _foreigner(cls, group="pcu_base.group_registry_operator"):
        """Return a user of another institution in the same database."""
        other = cls.env["res.company"].create({"name": "Primăria Alta"})
        return cls.make_user("foreigner", group, other)

    @classmethod
    def _department(cls, code, name, head, members):
        return cls.env["pcu.department"].create(
            {
                "code": code,
                "name": name,
                "company_id": cls.company.id,
                "head_id": head.id if head else False,
                "member_ids": [(6, 0, members.ids)],
            }
        )

    @classmethod
    def _procedure(cls, code, name, department, **vals):
        return cls.env["pcu.procedure"].create(
            {
                "code": code,
                "name": name,
                "company_id": cls.company.id,
                "department_id": department.id,
                "slot_ids": [
                    (0, 0, {"code": "cerere", "name": "Cerere tip", "sequence": 1}),
                    (0, 0, {"code": "plan", "name": "Plan cadastral", "sequence": 2}),
                    (
                        0,
                        0,
                        {
                            "code": "alte",
                            "name": "Alte acte",
                            "mandatory": False,
                            "sequence": 3,
                        },
                    ),
                ],
                **vals,
            }
        )

    def _document(self, slot=None, content=b"%PDF-1.4 test", name="cerere.pdf"):
        return self.env["pcu.document"]._create_from_bytes(
            [
                {
                    "name": name,
                    "content": content,
                    "kind": "received",
                    "company_id": self.company.id,
                    "slot": slot,
                }
            ]
        )

    def _filed(self, **vals):
        """A request that the platform sent; in a test it is numbered at once."""
        vals = {
            "company_id": self.company.id,
            "procedure_code": "CU",
            "applicant_id": self.citizen.id,
            "email": "ion@example.com",
            "channel": "pcue",
            "origin_name": "eDirect",
            "origin_number": "123456",
            **vals,
        }
        return self.env["pcu.request"]._file(vals)

    def _complete(self, **vals):
        """A filed request with both mandatory documents."""
        request = self._filed(**vals)
        documents = self._document("cerere") | self._document("plan", name="plan.pdf")
        request._attach_documents(documents)
        return request

    def _in_progress(self, **vals):
        """A complete request on the inspector's table."""
        request = self._complete(**vals)
        request.with_user(self.inspector).action_take()
        return request

    def _decided(self, **vals):
        """A request decided favourably with one document."""
        request = self._in_progress(**vals)
        document = self.env["pcu.document"]._create_from_bytes(
            [
                {
                    "name": "certificat.pdf",
                    "content": b"%PDF-1.4 certificat",
                    "kind": "issued",
                    "company_id": self.company.id,
                }
            ]
        )
        request.with_user(self.inspector)._decide("favourable", "Se aprobă.", document)
        return request
