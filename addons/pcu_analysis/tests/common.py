"""A small world of requests whose every figure can be counted on the fingers."""

from odoo.addons.pcu_requests.tests.common import RequestsCase

#: The Thursday on which the figures are read; Friday the 13th works.
TODAY = "2026-03-12 08:00:00"


class AnalysisCase(RequestsCase):
    """Requests are laid into the table with their dates: history isn't played."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mayor = cls._user("mayor", "pcu_base.group_approver")
        cls.secretary = cls._user("secretary", "pcu_base.group_approver")
        cls.jurist = cls._user("jurist", "pcu_base.group_approver")
        cls.company.write(
            {"pcu_head_id": cls.mayor.id, "pcu_secretary_id": cls.secretary.id}
        )
        cls.levy = cls._procedure("TX", "Certificat fiscal", cls.taxes)

    def _laid(self, day, procedure=None, **vals):
        """A request registered on a day, in the state the values say."""
        procedure = procedure or self.procedure
        return self.env["pcu.request"].create(
            {
                "procedure_id": procedure.id,
                "department_id": procedure.department_id.id,
                "applicant_id": self.citizen.id,
                "company_id": self.company.id,
                "registration_date": day,
                "state": "in_progress",
                "channel": "counter",
                **vals,
            }
        )

    def _world(self):
        """Nine requests of March, February and last year.

        Urbanism: 3 open (1 late, 1 due tomorrow, 1 waiting with a stopped term), 4
        solved in 1, 2, 10 and 30 days, the last one late. Taxes: 1 open and late, 1
        solved.
        """
        inspector = {"user_id": self.inspector.id}
        solved = {"state": "decided", **inspector}
        self._laid("2026-02-02", due_date="2026-03-05", **inspector)
        self._laid("2026-03-03", due_date="2026-03-13", channel="email")
        self._laid(
            "2026-03-10",
            due_date="2026-03-11",
            term_stopped=True,
            state="clarification",
            **inspector,
        )
        for came, went, due in (
            ("2026-03-02", "2026-03-03 09:00:00", "2026-04-01"),
            ("2026-03-02", "2026-03-04 09:00:00", "2026-04-01"),
            ("2026-02-20", "2026-03-02 09:00:00", "2026-03-23"),
            # 23:30 in Romania is still the 8th; half an hour later it would be the 9th
            ("2026-02-06", "2026-03-08 21:30:00", "2026-03-07"),
        ):
            self._laid(came, due_date=due, decided_at=went, **solved)
        self._laid("2026-01-05", self.levy, due_date="2026-01-20")
        self._laid(
            "2025-06-01",
            self.levy,
            due_date="2025-07-01",
            state="withdrawn",
            ended_at="2025-06-20 10:00:00",
        )
        self.env.flush_all()

    def _figures(self, user=None, **options):
        return (
            self.env["pcu.analysis"].with_user(user or self.head).get_figures(**options)
        )

    def _value(self, report, key):
        for figure in report["now"] + report["flow"]:
            if figure["key"] == key:
                return figure["value"]
        raise KeyError(key)
