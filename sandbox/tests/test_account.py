"""Steps 1 and 2: an account is made, confirmed by e-mail, and only then logs in."""

import re

import pytest
from conftest import Citizen, wait_for


def test_a_confirmed_account_logs_in_and_chooses_who_it_is(stranger: Citizen):
    assert "V-am trimis un e-mail de confirmare" in stranger.create_account().text
    assert "Contul a fost creat" in stranger.confirm().text
    page = stranger.post(
        "/conectare",
        {"username": stranger.username.upper(), "password": stranger.password},
    )
    assert "Selectare tip cont" in page.text
    assert "Cont personal" in page.text
    page = stranger.post("/selectare-tip-cont", {"account": "personal"})
    assert "Solicitările mele" in page.text


def test_nobody_logs_in_before_the_confirmation(stranger: Citizen):
    stranger.create_account()
    page = stranger.log_in()
    assert page.status_code == 403
    assert "Contul nu este confirmat" in page.text
    assert stranger.web.get("/solicitari").url.path == "/conectare"


def test_the_confirmation_is_sent_again_to_who_knows_the_password(stranger: Citizen):
    stranger.create_account()
    wait_for(lambda: stranger.platform.mails(stranger.email))
    stranger.log_in()
    mails = wait_for(
        lambda: len(m := stranger.platform.mails(stranger.email)) == 2 and m
    )
    assert len({mail["message_id"] for mail in mails}) == 2


def test_a_false_confirmation_link_is_refused(stranger: Citizen):
    page = stranger.web.get("/cont-nou/confirmare", params={"token": "x.y.z"})
    assert page.status_code == 400
    assert "Linkul nu mai este valabil" in page.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cnp", "1800101221145", "CNP-ul nu este corect"),
        ("cnp", "180010122114", "CNP-ul are exact 13 cifre"),
        ("cnp", "", "CNP trebuie completat"),
        ("email", "ana@", "Adresa de e-mail nu este corectă"),
        ("email", "a@b.ro\r\nBcc: x@y.ro", "Adresa de e-mail nu este corectă"),
        ("username", "ștefania", "fără diacritice"),
        ("phone", "abc", "Numărul de telefon nu este corect"),
        ("password", "scurtă", "cel puțin 12 caractere"),
        ("password_again", "altă parolă decât prima", "nu sunt la fel"),
        ("street", "x" * 201, "prea lung"),
    ],
)
def test_wrong_data_is_refused_and_nothing_typed_is_lost(stranger, field, value, said):
    page = stranger.create_account(**{field: value})
    assert page.status_code == 422
    assert said in page.text
    assert "Str. Înfrățirii" in page.text or field == "street"
    assert stranger.password not in page.text
    assert stranger.platform.mails(stranger.email) == []


def test_a_company_has_a_valid_cui_and_both_accounts(stranger: Citizen):
    company = {"company_name": "Tâmplăria Șerban S.R.L.", "role": "administrator"}
    wrong = stranger.create_account("persoana-juridica", cui="14399841", **company)
    assert "CUI-ul nu este corect" in wrong.text
    stranger.create_account("persoana-juridica", cui="RO14399840", **company)
    stranger.confirm()
    assert "Solicitările mele" in stranger.log_in("company").text
    page = stranger.web.get("/selectare-tip-cont").text
    assert "Cont personal" in page
    assert "CUI 14399840" in page


def test_a_person_cannot_choose_a_company_account(citizen: Citizen):
    page = citizen.post("/selectare-tip-cont", {"account": "company"})
    assert page.status_code == 422


def test_a_taken_name_is_refused(stranger: Citizen, citizen: Citizen):
    page = stranger.create_account(username=citizen.username.upper())
    assert "Numele de utilizator este folosit" in page.text


def test_a_known_address_gets_a_mail_and_the_page_tells_nothing(stranger, citizen):
    page = stranger.create_account(email=citizen.email)
    assert "V-am trimis un e-mail de confirmare" in page.text
    mail = wait_for(
        lambda: [
            m
            for m in stranger.platform.mails(citizen.email)
            if "aveți deja un cont" in m["subject"]
        ]
    )[0]
    assert "/conectare" in mail["text"]


def test_wrong_name_and_wrong_password_look_the_same(stranger, citizen):
    pages = [
        stranger.post("/conectare", {"username": name, "password": "greșită"})
        for name in (citizen.username, "nimeni.nicaieri")
    ]
    said = [re.sub(r'value="[^"]*"', "", page.text) for page in pages]
    assert said[0] == said[1]
    assert {page.status_code for page in pages} == {401}


def test_guessing_is_slowed_down(stranger: Citizen):
    stranger.create_account()
    stranger.confirm()
    wrong = {"username": stranger.username, "password": "greșită"}
    for _ in range(5):
        assert stranger.post("/conectare", wrong).status_code == 401
    page = stranger.log_in()
    assert page.status_code == 429
    assert "Așteptați 15 minute" in page.text


def test_the_login_goes_on_to_the_page_asked_for(stranger: Citizen):
    stranger.create_account()
    stranger.confirm()
    stranger.web.get("/solicitari/noua")
    assert stranger.log_in().url.path == "/solicitari/noua"


def test_a_form_without_its_token_is_refused(citizen: Citizen):
    page = citizen.web.post("/selectare-tip-cont", data={"account": "personal"})
    assert page.status_code == 403


def test_a_copied_cookie_dies_with_the_logout(stranger: Citizen):
    stranger.create_account()
    stranger.confirm()
    stranger.log_in()
    copied = dict(stranger.web.cookies)
    assert stranger.web.get("/solicitari").url.path == "/solicitari"
    stranger.post("/deconectare", {})
    stranger.web.cookies.update(copied)
    assert stranger.web.get("/solicitari").url.path == "/conectare"


def test_the_session_cookie_is_out_of_reach_of_scripts(stranger: Citizen):
    cookie = stranger.web.get("/conectare").headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = stranger.web.get("/")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
