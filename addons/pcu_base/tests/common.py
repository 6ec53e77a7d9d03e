"""The world the tests of the suite start from: an institution and its people."""

import doctest
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from subprocess import PIPE

from lxml import etree
from odoo.addons.pcu_base import worker_identity
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
# The head of a Windows program: what libmagic knows it by.
EXE = (
    b"MZ"
    + bytes(58)
    + (64).to_bytes(4, "little")
    + b"PE\0\0"
    + b"\x4c\x01"
    + bytes(300)
)
#: A worker that says who it is and goes on for ever.
WORKER = f"""
import runpy, time
print(runpy.run_path({worker_identity.__file__!r})["current"](), flush=True)
time.sleep(600)
"""
VERBS = ("read", "write", "create", "unlink")
NONE, READ, ALL = frozenset(), frozenset({"read"}), frozenset(VERBS)
CNP = "1800101221144"
CUI = "14399840"


def dead_worker():
    """Name a worker of this machine that really ran and was really killed."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER], stdout=PIPE, text=True
    ) as one:
        name = one.stdout.readline().strip()
        alive = not worker_identity.is_dead(name)
        one.kill()
    if not alive or not worker_identity.is_dead(name):
        raise AssertionError(name)
    return name


class Examples:
    """The examples in the docstrings of a module's kernels; mixed into a test case."""

    PURE = ()
    """Names of the kernels, each with an example at least, below the Odoo module."""

    def test_examples_hold(self):
        package = type(self).__module__.partition(".tests.")[0]
        for name in self.PURE:
            with self.subTest(name):
                result = doctest.testmod(
                    import_module(f"{package}.{name}"),
                    optionflags=doctest.IGNORE_EXCEPTION_DETAIL,
                )
                self.assertEqual((bool(result.attempted), result.failed), (True, 0))


class People:
    """Makes the users of a test; mixed into the cases that need people."""

    @classmethod
    def make_user(cls, login, group, company=None, **values):
        """Create a user of one role.

        :param group: of pcu_base, unless its module is named
        :param company: the only institution; none for the one of the test's user
        """
        if company:
            values["company_id"] = company.id
            values["company_ids"] = [Command.set(company.ids)]
        return new_test_user(
            cls.env,
            login,
            groups=group if "." in group else f"pcu_base.{group}",
            context={"no_reset_password": True},
            **values,
        )


class RolesAndVerbs(People):
    """Asks what roles may do with records; for the test of rights of every model."""

    def verbs(self, records, user):
        """Return the verbs that a user may use on records, in the own institutions."""
        records = records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return {verb for verb in VERBS if records.has_access(verb)}

    def assertVerbs(self, records, **expected):
        """Check exactly which verbs each role has: ``operator=READ, head=NONE``.

        A role is the attribute of the test that holds its user.
        """
        for role, verbs in expected.items():
            with self.subTest(model=records._name, role=role):
                self.assertEqual(self.verbs(records, getattr(self, role)), set(verbs))

    def assertDialogs(self, dialogs, roles):
        """Check which of the roles may open each dialog: ``{model: (role, …)}``."""
        for model, users in dialogs.items():
            allowed = {role: ALL if role in users else NONE for role in roles}
            self.assertVerbs(self.env[model], **allowed)

    def open_form(self, record, user, view=None):
        """Read a record as the client does for its form, lists in it included.

        :return: what was read, and how many queries it cost with cold caches
        """
        model = record.browse().with_user(user)
        view_id = self.env.ref(view).id if view else None
        # What the user's groups hide isn't in it any more, and is never asked for.
        form = etree.fromstring(model.get_view(view_id, "form")["arch"])
        specification = self._specify(form, model)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        values = record.with_user(user).web_read(specification)
        return values, self.env.cr.sql_log_count - before

    def _specify(self, view, model):
        """Return what the client asks for to show a view, as ``web_read`` takes it."""
        specification = {}
        for node in view.xpath("descendant::field[not(ancestor::field)]"):
            name = node.get("name")
            field = model._fields[name]
            specification[name] = {}
            if field.type == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                inner = {"display_name": {}}
                for rows in node.xpath("list"):
                    rows = etree.fromstring(etree.tostring(rows, with_tail=False))
                    inner |= self._specify(rows, self.env[field.comodel_name])
                specification[name] = {"fields": inner, "limit": 40}
        return specification

    def assertFormStaysFlat(self, few, many, user, view=None):
        """Check that a form with many lines costs no query more than one with few."""
        for record in (many, few):
            self.open_form(record, user, view)  # what the first reader pays
        _values, cost_of_few = self.open_form(few, user, view)
        values, cost_of_many = self.open_form(many, user, view)
        self.assertTrue(values)
        # A name more or less may be known already: the order of tests decides.
        self.assertLessEqual(cost_of_many, cost_of_few + 2)

    def assertListStaysFlat(self, records, user, view=None):
        """Check that a list as a user sees it costs no query more for more rows.

        :param records: at least eight; two of them are the few
        :param view: the list's XML id, when it isn't the model's own
        """
        self.assertGreaterEqual(len(records), 8, "too few to tell")
        model = records.browse().with_user(user)
        view_id = self.env.ref(view).id if view else None
        shown = model.get_view(view_id, "list")["models"][model._name]
        name_only = {"fields": {"display_name": {}}}
        specification = {
            name: name_only if model._fields[name].type == "many2one" else {}
            for name in shown
        }

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = model.web_search_read([("id", "in", some.ids)], specification)
            self.assertEqual(found["length"], len(some))
            return self.env.cr.sql_log_count - before

        queries(records)  # what the first reader pays for everybody
        # A name more or less may be known already: the order of tests decides.
        self.assertLessEqual(queries(records), queries(records[:2]) + 2)

    def assertModelsListed(self, module, *tables):
        """Check that no model of a module was left out of its tables of rights."""
        own = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == module and not model._abstract
        }
        self.assertTrue(own, "no model at all: the name of the module is wrong")
        self.assertFalse(own.difference(*tables), "models without a table of rights")


class PcuBaseCase(RolesAndVerbs, TransactionCase):
    """An institution with two departments and one user per role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.operator = cls.make_user("pcu_operator", "group_registry_operator")
        cls.inspector = cls.make_user("pcu_inspector", "group_inspector")
        cls.head = cls.make_user("pcu_head", "group_head")
        cls.auditor = cls.make_user("pcu_auditor", "group_auditor")
        cls.admin = cls.make_user("pcu_admin", "group_admin")
        cls.clerk = cls.make_user("pcu_clerk", "group_user")
        cls.stranger = cls.make_user("pcu_stranger", "base.group_user")
        cls.urban = cls.make_department(
            "URB", head_id=cls.head.id, member_ids=[Command.set(cls.inspector.ids)]
        )
        cls.permits = cls.make_department("AUT", parent_id=cls.urban.id)
        cls.social = cls.make_department("SOC")

    @classmethod
    def make_department(cls, code, **values):
        return cls.env["pcu.department"].create(
            {"code": code, "name": f"Department {code}", **values}
        )

    @classmethod
    def make_document(cls, name="cerere.pdf", content=PDF, **values):
        return cls.env["pcu.document"]._create_from_bytes(
            [{"name": name, "content": content, **values}]
        )

    def make_partial(self, content, name="download.part"):
        """Write a file where the connector would have downloaded it."""
        folder = tempfile.mkdtemp(dir=self.env["pcu.document"]._get_filestore_tmp())
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        path = Path(folder) / name
        path.write_bytes(content)
        return path
