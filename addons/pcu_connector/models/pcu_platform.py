"""A public platform of one institution: where it is, and how it goes.

This file holds the configuration and the buttons; ``pcu_platform_health`` says how it
goes and what a fault means for the whole, ``pcu_platform_poll`` brings in what is new.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .. import problems
from ..adapters import ADAPTERS
from ..adapters.base import ExchangeError
from ..adapters.transport import check_base_url

_logger = logging.getLogger(__name__)

RUNNING = "running"
UNREACHABLE = "unreachable"
STOPPED = "stopped"
CREDENTIALS = frozenset({"client_id", "client_secret", "base_url", "institution"})


class PcuPlatform(models.Model):
    """A configured platform.

    *Running* as long as calls succeed; *unreachable* after three faults in a row, then
    left alone for a while and tried with one cheap call; *stopped* when it refuses our
    sign-in, until a person has looked and tested the connection. The administrator
    configures it, the registry operator watches it.
    """

    _name = "pcu.platform"
    _description = "Public platform"
    _inherit = ["mail.thread", "mail.activity.mixin", "pcu.exchange.lease"]
    _order = "sequence, name, id"

    # What it is
    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="Stands in the address of the wake-up call: /pcu/wakeup/CODE.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Institution",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    adapter = fields.Selection(
        selection=[(code, adapter.label) for code, adapter in ADAPTERS.items()],
        string="Kind of platform",
        required=True,
        default="edirect",
    )
    missing_text = fields.Char(
        compute="_compute_missing_text", string="What it can't do"
    )
    channel = fields.Selection(
        selection=[
            ("pcue", "PCUe"),
            ("roepas", "ROePAS"),
            ("portal", "Own portal"),
        ],
        string="Channel in the register",
        required=True,
        default="pcue",
    )

    # Where it is
    base_url = fields.Char(
        string="Address",
        required=True,
        help="The address of the platform, without /api/v1.",
    )
    allow_http = fields.Boolean(
        string="Allow plain HTTP",
        help="Only for a test platform in the own network: data and passwords travel "
        "unprotected. Without it nothing is sent to an address inside our network.",
    )
    institution = fields.Char(
        string="Our identifier there",
        required=True,
        help="The identifier of the institution on the platform.",
    )
    file_hosts = fields.Char(
        string="Hosts of its files",
        help="Where the platform keeps files, if not under its own address: names of "
        "hosts with spaces between them. Files go from and to no other host.",
    )
    client_id = fields.Char(groups="base.group_system", copy=False)
    client_secret = fields.Char(groups="base.group_system", copy=False)
    wakeup_secret = fields.Char(
        groups="base.group_system",
        copy=False,
        help="Shared with the platform; signs its wake-up calls. Empty: no wake-up.",
    )

    # How often, how much
    poll_minutes = fields.Integer(
        string="Look every (minutes)", required=True, default=5
    )
    page_size = fields.Integer(required=True, default=100)
    max_file_mb = fields.Integer(
        string="Largest file (MB)", required=True, default=2048
    )

    reconcile_days = fields.Integer(
        string="Nightly comparison (days)",
        required=True,
        default=90,
        help="Each night both sides are compared for changes of so many days. "
        "0 compares everything every night.",
    )

    procedure_ids = fields.One2many(
        comodel_name="pcu.platform.procedure",
        inverse_name="platform_id",
        string="Names of procedures",
    )

    # How it goes
    state = fields.Selection(
        selection=[
            (RUNNING, "Running"),
            (UNREACHABLE, "Unreachable"),
            (STOPPED, "Stopped"),
        ],
        required=True,
        default=RUNNING,
        readonly=True,
        tracking=True,
    )
    submissions_cursor = fields.Char(readonly=True, copy=False)
    events_cursor = fields.Char(readonly=True, copy=False)
    next_poll_at = fields.Datetime(
        readonly=True, copy=False, default=fields.Datetime.now
    )
    last_poll_at = fields.Datetime(readonly=True, copy=False)
    last_success_at = fields.Datetime(readonly=True, copy=False)
    failures = fields.Integer(
        string="Faults in a row", readonly=True, copy=False, aggregator=None
    )
    retry_at = fields.Datetime(string="Tried again at", readonly=True, copy=False)
    instance_uuid = fields.Char(
        readonly=True,
        copy=False,
        default=lambda self: self._get_instance(),
        groups="base.group_system",
        help="The database in which this platform was configured.",
    )
    safe_mode = fields.Boolean(
        compute="_compute_safe_mode",
        help="This database is a copy: it neither reads from the platform nor sends "
        "anything to it.",
    )

    # The one incident that is open
    incident_code = fields.Char(readonly=True, copy=False)
    incident_detail = fields.Char(readonly=True, copy=False)
    incident_at = fields.Datetime(string="Since", readonly=True, copy=False)
    incident = fields.Char(compute="_compute_incident")

    _code_uniq = models.UniqueIndex("(code)", "Another platform has this code.")
    _place_uniq = models.UniqueIndex(
        "(adapter, institution, rtrim(lower(base_url), '/'))",
        "This institution is connected to this platform already, perhaps by a record "
        "in the archive: use that one, or the same submissions would come in twice.",
    )
    _poll_positive = models.Constraint(
        "CHECK(poll_minutes > 0 AND page_size BETWEEN 1 AND 100 AND max_file_mb > 0)",
        "Look at least once a minute, take 1 to 100 rows at a time, allow some size.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.model
    def _get_instance(self):
        """Name this database; a neutral copy gets another name."""
        # A technical key that only the system group may read by itself.
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _compute_safe_mode(self):
        """A database that is not the one of the configuration is a copy."""
        here, copy = self._get_instance(), self.env["pcu.database"]._is_copy()
        for platform in self:
            # Whoever sees the platform must see that it is only a copy.
            platform.safe_mode = copy or platform.sudo().instance_uuid != here

    @api.depends("adapter")
    @api.depends_context("lang")
    def _compute_missing_text(self):
        """Say which protection this kind of platform doesn't give."""
        for platform in self:
            able = platform._get_capabilities()
            missing = [
                text
                for here, text in (
                    ("registration" in able.effects, self.env._("show our number")),
                    ("decision" in able.effects, self.env._("take decisions")),
                    (able.events, self.env._("tell what citizens do after filing")),
                    (able.cursor, self.env._("be compared with us at night")),
                    (able.lookup, self.env._("be asked what it recorded")),
                    (able.resume_download, self.env._("go on with a broken download")),
                )
                if not here
            ]
            platform.missing_text = ", ".join(missing)

    @api.depends("incident_code", "incident_detail")
    @api.depends_context("lang")
    def _compute_incident(self):
        """Put the open incident into words."""
        for platform in self:
            platform.incident = problems.describe(
                self.env, platform.incident_code, platform.incident_detail
            )

    # ------------------------------------------------------------------
    # Constraints and CRUD
    # ------------------------------------------------------------------

    @api.constrains("base_url", "allow_http")
    def _check_base_url(self):
        """The address must be one that our calls may go to."""
        for platform in self:
            try:
                check_base_url(platform.base_url, allow_http=platform.allow_http)
            except ValueError as error:
                if str(error) == "insecure":
                    text = self.env._(
                        "The address must begin with https://. Plain HTTP is only for "
                        "a test platform: tick “Allow plain HTTP” for it."
                    )
                else:
                    text = self.env._(
                        "“%(url)s” is not an address. Write it like "
                        "https://platforma.example.ro, without a user name.",
                        url=platform.base_url,
                    )
                raise ValidationError(text) from error

    def write(self, vals):
        """Go on by itself after a stop as soon as the sign-in has been changed."""
        result = super().write(vals)
        if CREDENTIALS & vals.keys():
            stopped = self.filtered(lambda p: p.state == STOPPED)
            stopped.write(self._recovered_values())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What came from a platform must stay explicable for ever."""
        used = self.env["pcu.exchange.item"].search_count(
            [("platform_id", "in", self.ids)], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "Submissions came from this platform, so it can't be deleted. "
                    "Archive it instead."
                )
            )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def _check_operate(self):
        """Let only the registry operator and the administrator drive a platform."""
        user = self.env.user
        allowed = user.has_group("pcu_base.group_admin") or user.has_group(
            "pcu_base.group_registry_operator"
        )
        if not (self.env.su or allowed):
            raise AccessError(
                self.env._(
                    "Only the registry operator and the administrator can do this."
                )
            )
        self.check_access("read")

    def action_test_connection(self):
        """Sign in, read one row, and say in words what came out."""
        self.ensure_one()
        self._check_operate()
        if self.safe_mode:
            raise UserError(self._get_health()[1])
        adapter = self._transact("_make_adapter")
        try:
            adapter.health()
            adapter.check_access()
        except ExchangeError as error:
            code = getattr(error, "code", error.kind)
            self._transact("_note_platform_fault", error.kind, error.detail)
            text = problems.describe(self.env, error.kind, error.detail or code)
            return self._notify(text, "danger")
        finally:
            adapter.close()
        self._transact("_note_platform_success")
        return self._notify(
            self.env._("The platform answers and knows this institution."), "success"
        )

    def action_pull_now(self):
        """Look at once; a second press finds the first one at work."""
        self.ensure_one()
        self._check_operate()
        if not self.active or self.safe_mode or self.state == STOPPED:
            raise UserError(self._get_health()[1])
        asked = self._was_just_asked()
        if not self._request_poll() or asked:
            return self._notify(
                self.env._("A look at the platform is under way already."), "info"
            )
        return self._notify(
            self.env._("Taking over what is new. The lists fill by themselves."),
            "success",
        )

    def action_reconcile(self):
        """Compare both sides now, in the background, and show the report."""
        self.ensure_one()
        self._check_operate()
        if not self._may_call():
            raise UserError(self._get_health()[1])
        if not self._get_capabilities().cursor:
            raise UserError(
                self.env._(
                    "This kind of platform only lists what has no receipt yet, so "
                    "there is nothing to compare. What it still lists is taken over "
                    "by itself."
                )
            )
        reports = self.env["pcu.exchange.reconciliation"]
        report_id = reports._transact("_plan", self, self.env.uid)
        return {
            "type": "ir.actions.act_window",
            "res_model": reports._name,
            "view_mode": "form",
            "res_id": report_id,
        }

    def action_confirm_database(self):
        """Let this database work with the platform, and send e-mails, from now on."""
        self.ensure_one()
        self.env["pcu.database"]._confirm()
        self.instance_uuid = self._get_instance()
        self.env["pcu.journal"]._log(self, "platform_database_confirmed")
        self.message_post(body=self.env._("This database was confirmed."))
        return True

    def action_view_items(self):
        """Open the submissions of this platform."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_connector.pcu_exchange_item_action"
        )
        context = {"search_default_platform_id": self.id}
        stuck = self.env.context.get("pcu_only_stuck")
        return action | {
            "context": context | ({"search_default_stuck": 1} if stuck else {})
        }

    def action_view_logs(self):
        """Open the log of this platform."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "pcu_connector.pcu_exchange_log_action"
        )
        return action | {"domain": [("platform_id", "=", self.id)]}

    def _notify(self, text, kind):
        """Show a message that goes away by itself, and the form anew."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": text,
                "type": kind,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------------
    # What the lanes ask
    # ------------------------------------------------------------------

    def _may_call(self):
        """Tell whether calls may go out to the platform now."""
        self.ensure_one()
        return self.active and self.state == RUNNING and not self.safe_mode

    def _get_capabilities(self):
        """Return what this kind of platform can do."""
        return ADAPTERS[self.adapter].capabilities

    def _make_adapter(self):
        """Build the way to the platform from its configuration; none from a copy."""
        self.ensure_one()
        if self.safe_mode:
            raise UserError(self._get_health()[1])
        # The adapter needs the secrets that nobody but the system group may read.
        platform_sudo = self.sudo()
        return ADAPTERS[self.adapter](
            self.base_url,
            self.institution,
            platform_sudo.client_id or "",
            platform_sudo.client_secret or "",
            user_agent=f"PCU-connector/19.0 ({self.code})",
            allow_http=self.allow_http,
            max_file_size=self.max_file_mb * 1024 * 1024,
            file_hosts=tuple((self.file_hosts or "").split()),
            meter=self._get_meter(),
        )

    @api.model
    def _wake_cron(self, at=None):
        """Ask for a run of the minute cron, now or at a moment."""
        cron = self.env.ref("pcu_connector.ir_cron_wake", raise_if_not_found=False)
        if cron:
            # Whoever causes work may not edit crons, but may have it done.
            cron.sudo()._trigger(at)

    def _search_callable(self):
        """Return the platforms to which calls may go."""
        domain = Domain("active", "=", True) & Domain("state", "=", RUNNING)
        return self.search(domain).filtered(lambda p: not p.safe_mode)
