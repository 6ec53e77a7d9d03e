"""The world of the petitions' tests."""

from unittest.mock import patch

from odoo.addons.pcu_requests.tests.common import RequestsCase


class PetitionsCase(RequestsCase):
    """The town hall of the requests' tests, with a procedure for petitions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ro_RO")
        cls.env["ir.module.module"].search(
            [("name", "in", ("pcu_base", "pcu_requests", "pcu_petitions"))]
        )._update_translations(["ro_RO"])
        cls.petitions = cls._procedure(
            "PET",
            "Petiție",
            cls.urbanism,
            kind="petition",
            term_type_id=cls.env.ref("pcu_base.term_type_pet").id,
            slot_ids=False,
        )
        cls.county = cls.env["res.partner"].create(
            {
                "name": "Consiliul Județean Exemplu",
                "pcu_party_kind": "authority",
                "street": "Piața Unirii 1",
                "email": "cj@example.com",
            }
        )

    def check_rights(self, rights, records):
        """Compare a table model -> role -> verbs with what the roles may do.

        :param records: for each model a record that the role could reach
        """
        for model, roles in rights.items():
            self.assertVerbs(records[model], **roles)

    def _petition(self, subject="Groapă pe strada Florilor", **vals):
        """A petition in the register, on the department's table."""
        documents = vals.pop("documents", None)
        applicant = vals.pop("applicant", self.citizen)
        return self.env["pcu.request"]._file(
            {
                "company_id": self.company.id,
                "procedure_id": self.petitions.id,
                "applicant_id": applicant.id,
                "channel": "counter",
                "documents": documents,
                "subject": subject,
                **vals,
            }
        )

    def _on_desk(self, **vals):
        """A petition that the inspector works on."""
        request = self._petition(**vals)
        request.with_user(self.inspector).action_take()
        return request

    def _catch_mail(self):
        """Return the list into which sent e-mails fall."""
        sent = []

        def send_email(_server, message, *_args, **_options):
            sent.append(message)
            return message["Message-Id"]

        server = type(self.env["ir.mail_server"])
        patcher = patch.object(server, "send_email", send_email)
        patcher.start()
        self.addCleanup(patcher.stop)
        return sent

    def _text(self, message):
        body = message.get_body(preferencelist=("plain",)).get_content()
        return " ".join(body.split())
