"""The small town hall of the registry's tests, with a file plan and an archivist."""

from freezegun import freeze_time
from odoo.addons.pcu_registry.tests.common import RegistryCase

#: A working day; the files of 2024 have just been handed over.
TODAY = "2026-03-12 08:00:00"


class ArchiveCase(RegistryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.archivist = cls._archive_user("archivist", "group_archivist")
        cls.member = cls._archive_user("member", "group_archive_commission")
        cls.plan = cls._plan()
        cls.permits = cls._code("II/A/1", "Certificate de urbanism", cls.urbanism)
        cls.letters = cls._code(
            "II/A/2", "Corespondență", cls.urbanism, retention_years=3
        )
        cls.decisions = cls._code(
            "I/A/1", "Dispoziții ale primarului", retention_kind="permanent"
        )
        cls.aid = cls._code(
            "III/B/1",
            "Dosare de ajutor social",
            retention_kind="event",
            retention_years=5,
            retention_event="încetarea dreptului",
        )

    @classmethod
    def _archive_user(cls, login, group):
        return cls.make_user(f"archive_{login}", f"pcu_archive.{group}", cls.company)

    @classmethod
    def _plan(cls, **values):
        return cls.env["pcu.classification.plan"].create(
            {
                "name": "Nomenclator arhivistic",
                "company_id": cls.company.id,
                "approval_number": "Dispoziția 12",
                "approval_date": "2024-11-04",
                "confirmation_number": "A-1234",
                "confirmation_date": "2024-12-02",
                "valid_from": "2025-01-01",
                **values,
            }
        )

    @classmethod
    def _code(cls, code, name, department=None, **values):
        return cls.env["pcu.classification"].create(
            {
                "plan_id": cls.plan.id,
                "code": code,
                "name": name,
                "department_id": department and department.id,
                **values,
            }
        )

    @classmethod
    def _in_force(cls):
        cls.plan.action_approve()
        cls.plan.action_confirm()
        return cls.plan

    @classmethod
    def _routed(cls, **values):
        entry = cls._registered(**values)
        entry.action_route(cls.urbanism, cls.inspector)
        return entry

    @classmethod
    def _solved(cls, code=None, **values):
        """Solve a document as the inspector does, under a code."""
        entry = cls._routed(classification_id=code and code.id, **values)
        entry.with_user(cls.inspector).action_solve("favourable")
        return entry

    @classmethod
    def _constituted(cls, code, day=TODAY, files=("a.txt",), **values):
        """Return a closed file on its inventory, with one solved document in it."""
        with freeze_time(day):
            entry = cls._solved(code, page_count=4, **values)
            cls.env["pcu.document"]._create_from_bytes(
                [
                    {
                        **entry._prepare_document_values(),
                        "name": name,
                        "content": f"{name} {entry.reference}".encode(),
                    }
                    for name in files
                ]
            )
            file = entry.file_id
            file.action_close()
        file.action_make_inventories()
        return file

    @classmethod
    def _handover(cls, **values):
        return cls.env["pcu.archive.handover"].create(
            {
                "name": "14",
                "company_id": cls.company.id,
                "department_id": cls.urbanism.id,
                "handed_by_id": cls.inspector.id,
                "received_by_id": cls.archivist.id,
                **values,
            }
        )

    @classmethod
    def _archived(cls, code, day="2022-05-06 08:00:00", **values):
        """Return a file that was handed over to the archive."""
        file = cls._constituted(code, day, **values)
        minutes = cls._handover(name=f"{file.id}", early_reason="Test")
        minutes.action_take_inventories()
        minutes.action_sign()
        return file
