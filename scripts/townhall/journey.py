"""The whole way of one request, through the interfaces that people use.

A citizen makes an account and files a request in a browser, the suite takes it over
by itself, a head of department assigns it and an inspector decides it in Odoo's web
client, and the citizen downloads the decision. Every step is checked before the next.
"""

import hashlib
import re
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright
from stack.world import World, demo_password

from . import papers

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/google-chrome")
PATIENCE = 20_000
CITIZEN = {
    "last_name": "Țăranu", "first_name": "Ștefan", "cnp": "1800101221144",
    "email": "stefan.taranu@exemplu.invalid", "phone": "0722 123 456",
    "street": "Strada Fântânii", "number": "3", "locality": "Valea Mare",
    "county": "Ilfov", "username": "stefan.taranu",
}  # fmt: skip
CITIZEN_PASSWORD = "Un drum lung, dar drept"  # noqa: S105 -- of a citizen who isn't
PROCEDURE = "Certificat de atestare fiscală"


class StepError(Exception):
    """One step of the way failed; the message says which and why."""


class Journey:
    """Walks the way; ``walk()`` raises StepError at the first step that fails."""

    def __init__(self, world: World, *, pictures: Path | None = None, say=print):
        self.world, self.pictures, self.say = world, pictures, say
        self.started = self.piseg = self.number = None
        self.decision = papers.pdf(
            "Certificat de atestare fiscală",
            "Se certifică faptul că petentul nu figurează cu obligații de plată.",
            "Eliberat pentru a servi la notar.",
        )

    def walk(self) -> None:
        with sync_playwright() as playwright:
            program = next((c for c in CHROMIUM if Path(c).exists()), None)
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            citizen = self._page(browser)
            for number, step in enumerate(self.steps(), 1):
                name = " ".join(step.__doc__.split()).rstrip(".")
                began = time.monotonic()
                try:
                    step(browser, citizen)
                except Exception as error:
                    self._picture(citizen, f"failed-step-{number}")
                    raise StepError(f"step {number}: {name}\n{error}") from error
                self.say(f"ok {number:3}  {name} ({time.monotonic() - began:.1f} s)")
            browser.close()

    def steps(self):
        return (
            self.make_account, self.confirm_account, self.log_in, self.file_request,
            self.get_number, self.read_first_mail, self.assign, self.decide,
            self.download, self.read_second_mail, self.see_the_register,
            self.see_the_desk, self.see_the_platform,
        )  # fmt: skip

    # -- citizen ------------------------------------------------------------------

    def make_account(self, _browser, page: Page) -> None:
        """The citizen makes an account (Cont nou)."""
        page.goto(f"{self.world.sandbox.url}/cont-nou")
        page.get_by_role("link", name=re.compile("Cont persoană fizică")).click()
        for name, value in CITIZEN.items():
            page.locator(f"#{name}").fill(value)
        for name in ("password", "password_again"):
            page.locator(f"#{name}").fill(CITIZEN_PASSWORD)
        self._picture(page, "01-cont-nou")
        page.get_by_role("button", name="Creează contul").click()
        expect(page.get_by_text("e-mail").first).to_be_visible()

    def confirm_account(self, _browser, page: Page) -> None:
        """The confirmation e-mail arrives; its link opens the account."""
        mail = self._mail(lambda m: "confirm" in m["subject"].lower())
        link = re.search(r"https?://\S+confirmare\S+", mail["text"])[0]
        page.goto(link)
        expect(page.locator("main")).to_contain_text("confirmat")

    def log_in(self, _browser, page: Page) -> None:
        """The citizen signs in (Conectare, Selectare tip cont)."""
        page.goto(f"{self.world.sandbox.url}/conectare")
        page.locator("#username").fill(CITIZEN["username"])
        page.locator("#password").fill(CITIZEN_PASSWORD)
        page.get_by_role("button", name="Conectare").click()
        expect(page.locator("h1")).to_have_text("Selectare tip cont")
        page.get_by_label("Cont personal").check()
        page.get_by_role("button", name="Continuă").click()

    def file_request(self, _browser, page: Page) -> None:
        """The citizen files a request with three documents (Lansează solicitarea)."""
        page.goto(f"{self.world.sandbox.url}/solicitari/noua")
        page.locator("#q").fill("primaria orasului valea")
        page.get_by_role("button", name="Caută").click()
        page.get_by_role("link", name=re.compile("Valea Mare")).first.click()
        page.get_by_role("link", name=re.compile(PROCEDURE)).first.click()
        inputs = page.locator("input[type=file]")
        files = [
            (
                "cerere-fiscală.pdf",
                "application/pdf",
                papers.pdf("Cerere", "Solicit …"),
            ),
            ("act-identitate.jpg", "image/jpeg", papers.jpeg("Carte de identitate")),
            (
                "declarație.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                papers.docx("Declarație", "Declar pe propria răspundere …"),
            ),
        ]
        for position, (name, kind, content) in enumerate(files):
            target = inputs.nth(min(position, inputs.count() - 1))
            target.set_input_files({"name": name, "mimeType": kind, "buffer": content})
        page.locator("#observations").fill("Am nevoie de certificat la notar.")
        page.locator("#consent").check()
        self._picture(page, "02-creeaza-solicitare")
        self.started = time.monotonic()
        page.get_by_role("button", name="Lansează solicitarea").click()
        notice = page.get_by_text(re.compile("au fost înregistrate cu succes"))
        expect(notice).to_be_visible()
        self.piseg = re.search(r"#(\d+)", notice.inner_text())[1]
        self._picture(page, "03-piseg")

    def get_number(self, _browser, page: Page) -> None:
        """The request has its internal number on the platform."""
        page.goto(f"{self.world.sandbox.url}/solicitari")
        limit = time.monotonic() + 90
        row = page.locator("tr", has_text=f"#{self.piseg}")
        while "încă nu" in row.inner_text():
            if time.monotonic() > limit:
                raise TimeoutError("no internal number within 90 s")
            time.sleep(0.3)
            page.reload()
        self.number = re.search(r"(\S+) din \d", row.inner_text())[1]
        waited = time.monotonic() - self.started
        self.say(f"        number {self.number} {waited:.1f} s after „Lansează”")
        self._picture(page, "04-solicitarile-mele")

    def read_first_mail(self, _browser, _page) -> None:
        """The first e-mail tells both numbers."""
        mail = self._mail(
            lambda m: self.piseg in m["text"] and CITIZEN["email"] in m["to"]
        )
        if self.number.split("/")[0] not in mail["text"]:
            raise ValueError("the internal number is not in the e-mail")

    def download(self, _browser, page: Page) -> None:
        """The citizen downloads the decision; its SHA-256 matches."""
        page.goto(f"{self.world.sandbox.url}/solicitari")
        page.get_by_role("link", name=f"PISEG #{self.piseg}").click()
        button = page.get_by_role("link", name=re.compile("^Descarcă")).first
        self._wait_on(page, button)
        self._picture(page, "08-documente-finale")
        with page.expect_download() as waiting:
            button.click()
        got = hashlib.sha256(Path(waiting.value.path()).read_bytes()).hexdigest()
        if got != hashlib.sha256(self.decision).hexdigest():
            raise ValueError("the downloaded document is not the one decided")

    def read_second_mail(self, _browser, _page) -> None:
        """The second e-mail says that the request is solved."""
        self._mail(lambda m: "soluționat" in m["subject"] and self.piseg in m["text"])

    # -- town hall ----------------------------------------------------------------

    def assign(self, browser, _page) -> None:
        """The head of department finds the request and assigns it."""
        with self._clerk(browser, "sef.taxe") as page:
            self._open_request(page)
            preview = page.locator(".o_pcu_pane iframe, .o_pcu_pane img")
            expect(preview.first).to_be_visible()
            self._picture(page, "05-solicitare", wait=1.5)
            page.locator("button[name=action_assign]:visible").first.click()
            dialog = page.locator(".modal-dialog")
            person = dialog.locator("[name=user_id] input")
            person.fill("Ștefania")
            page.locator(
                ".o-autocomplete--dropdown-item", has_text="Ștefania"
            ).first.click()
            dialog.locator("button[name=action_confirm]").click()
            expect(dialog).to_be_hidden()

    def decide(self, browser, _page) -> None:
        """The inspector starts, decides, and adds the final document."""
        with self._clerk(browser, "taxe") as page:
            self._open_request(page)
            page.locator("button[name=action_start]:visible").first.click()
            page.locator("button[name=action_decide]:visible").first.click()
            dialog = page.locator(".modal-dialog")
            dialog.locator("[name=outcome] input").first.check()
            answer = dialog.locator("[name=text]").locator(
                "textarea, [contenteditable]"
            )
            answer.first.fill("Vă comunicăm certificatul solicitat.")
            dialog.locator("input[type=file]").set_input_files(
                {"name": "certificat.pdf", "mimeType": "application/pdf",
                 "buffer": self.decision}
            )  # fmt: skip
            expect(dialog.get_by_text("certificat.pdf").first).to_be_visible()
            self._picture(page, "06-solutionare", wait=0.5)
            dialog.locator("button[name=action_confirm]").click()
            expect(dialog).to_be_hidden()
            self._picture(page, "07-solutionata", wait=1.5)

    def see_the_register(self, browser, _page) -> None:
        """The registry clerk sees the entry, its number and its document."""
        with self._clerk(browser, "registratura") as page:
            expect(page.locator(".o_menu_brand")).to_have_text("Registratură")
            expect(page.locator(".o_form_view")).to_contain_text("Emitentul")
            self._picture(page, "16-inregistrare-rapida", wait=0.5)
            self._open(page, "registry")
            expect(page.locator(".o_data_row").first).to_contain_text("/")
            self._picture(page, "09-registru", wait=0.5)
            page.locator(".o_data_row", has_text=self.number).first.locator(
                "td.o_data_cell"
            ).first.click()
            expect(page.locator(".o_form_view")).to_contain_text(self.number)
            self._picture(page, "10-pozitie-in-registru", wait=2)
            self._open(page, "unclassified")
            self._picture(page, "11-neclasificate", wait=0.5)

    def see_the_desk(self, browser, _page) -> None:
        """The head sees the department's requests by state."""
        with self._clerk(browser, "sef.urbanism") as page:
            expect(page.locator(".o_menu_brand")).to_have_text("Solicitări")
            self._open(page, "requests")
            self._picture(page, "12-solicitari", wait=0.5)
            page.locator("button.o_switch_view.o_kanban").click()
            expect(page.locator(".o_kanban_record").first).to_be_visible()
            self._picture(page, "13-solicitari-pe-stari", wait=0.5)

    def see_the_platform(self, browser, _page) -> None:
        """The administrator sees in words how the platform goes."""
        with self._clerk(browser, "administrator") as page:
            page.locator(".o_navbar_apps_menu button").click()
            page.locator("[data-menu-xmlid='pcu_connector.menu_root']").click()
            card = page.locator(".o_kanban_record").first
            expect(card).to_contain_text("eDirect")
            self._picture(page, "14-platforme", wait=0.5)
            card.click()
            expect(page.locator(".o_form_view")).to_contain_text("eDirect")
            self._picture(page, "15-platforma", wait=1)

    def _open(self, page: Page, path: str) -> None:
        page.goto(f"{self.world.servers[0].url}/odoo/{path}")
        expect(page.locator(".o_action_manager .o_view_controller")).to_be_visible()

    def _open_request(self, page: Page) -> None:
        page.goto(f"{self.world.servers[0].url}/odoo/requests")
        search = page.locator(".o_searchview_input")
        search.fill(self.piseg)
        search.press("Enter")
        row = page.locator(".o_data_row").first
        expect(row).to_contain_text(self.number.split("/")[0])
        row.locator("td.o_data_cell").first.click()
        expect(page.locator(".o_form_view")).to_be_visible()

    @contextmanager
    def _clerk(self, browser, login: str):
        page = self._page(browser)
        page.goto(f"{self.world.servers[0].url}/web/login")
        page.locator("#login").fill(login)
        page.locator("#password").fill(demo_password())
        page.locator("button[type=submit]").first.click()
        page.wait_for_url(re.compile("/odoo"))
        try:
            yield page
        except Exception:
            self._picture(page, f"failed-{login}")
            raise
        finally:
            page.context.close()

    # -- inner --------------------------------------------------------------------

    def _page(self, browser) -> Page:
        context = browser.new_context(
            # Odoo takes over a browser's time zone at the first login.
            locale="ro-RO",
            timezone_id="Europe/Bucharest",
            viewport={"width": 1500, "height": 900},
        )
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        return context.new_page()

    def _mail(self, matches) -> dict:
        return self.world.mail.wait_for(matches, timeout=60)

    def _wait_on(self, page: Page, target, seconds: float = 90) -> None:
        limit = time.monotonic() + seconds
        while not target.is_visible():
            if time.monotonic() > limit:
                raise TimeoutError("the final document did not reach the platform")
            time.sleep(0.3)
            page.reload()

    def _picture(self, page: Page, name: str, wait: float = 0) -> None:
        if self.pictures is None:
            return
        self.pictures.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(1000 * wait)
        page.screenshot(path=self.pictures / f"{name}.png")
