"""The world of the tests of Law 544."""

from odoo.addons.pcu_petitions.tests.common import PetitionsCase


class Law544Case(PetitionsCase):
    """The town hall of the petitions' tests, with a procedure of Law 544."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"].search(
            [("name", "=", "pcu_law544")]
        )._update_translations(["ro_RO"])
        cls.information = cls._procedure(
            "L544",
            "Informații de interes public",
            cls.urbanism,
            kind="law544",
            term_type_id=cls.env.ref("pcu_base.term_type_l544_10").id,
            slot_ids=False,
        )
        cls.commercial = cls.env.ref("pcu_law544.ground_commercial")

    def _asked(self, **vals):
        """A request for public information in the register."""
        applicant = vals.pop("applicant", self.citizen)
        return self.env["pcu.request"]._file(
            {
                "company_id": self.company.id,
                "procedure_id": self.information.id,
                "applicant_id": applicant.id,
                "channel": "email",
                "subject": "Contractele de lucrări din 2025",
                **vals,
            }
        )

    def _taken(self, **vals):
        """A request for public information on the inspector's table."""
        request = self._asked(**vals)
        request.with_user(self.inspector).action_take()
        return request

    def _refused(self, **vals):
        """A request refused on commercial grounds."""
        request = self._taken(**vals)
        request.with_user(self.inspector)._refuse_information(
            self.commercial, "Ofertele conțin secrete comerciale."
        )
        return request
