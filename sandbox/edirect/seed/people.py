"""Invented people and companies: Romanian names, valid check digits, no one real."""

import random
from datetime import date, timedelta
from typing import Any

from edirect.catalogue import fold


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_F = _names(
    "Ana Maria Elena Ioana Andreea Cristina Mihaela Gabriela Alexandra Ștefania"
    " Roxana Daniela Mădălina Simona Florentina Anișoara Lăcrămioara Sânziana"
    " Ruxandra Bianca Țuța Iulia Adriana Ilinca Veronica"
)
FIRST_M = _names(
    "Andrei Ion Gheorghe Mihai Ștefan Alexandru Cristian Florin Adrian Vasile"
    " Nicolae Marian Răzvan Bogdan Cătălin Ionuț Dănuț Costică Sorin Horațiu"
    " Octavian Tudor Țvetan Ilie Lucian"
)
LAST = _names(
    "Popescu Ionescu Popa Rădulescu Stan Dumitrescu Gheorghiu Mateescu Șerban"
    " Constantinescu Munteanu Țurcanu Bălan Câmpeanu Dănilă Enăchescu Făgărășan"
    " Grigoraș Hârșu Iordăchescu Lăzărescu Mărginean Năstase Olărescu Pârvulescu"
    " Săndulescu Ștefănescu Țăranu Văcărescu Zăvoianu Crăciun Brânză Moșoiu Oniță"
)
STREETS = (
    "Str. Florilor",
    "Str. Mihai Eminescu",
    "Bd. Unirii",
    "Str. Ștefan cel Mare",
    "Aleea Castanilor",
    "Str. Înfrățirii",
    "Str. Gării",
    "Calea Brașovului",
    "Str. Țărăncuței",
    "Str. Nicolae Bălcescu",
)
TRADES = (
    "Construct",
    "Panificație",
    "Agro",
    "Trans",
    "Instalații",
    "Grădina Verde",
    "Tâmplăria Veche",
    "Café Central",
    "Electro",
    "Farmacia Sănătatea",
)
ROLES = ("administrator", "director general", "împuternicit")
COUNTIES = (*range(1, 47), 51, 52)
CNP_KEY = "279146358279"
CUI_KEY = "753217532"


def cnp_check(first_twelve: str) -> int:
    """Return the check digit of a personal number.

    >>> cnp_check("180010122114")
    4
    """
    total = sum(int(a) * int(b) for a, b in zip(first_twelve, CNP_KEY, strict=True))
    return 1 if total % 11 == 10 else total % 11


def cui_check(digits: str) -> int:
    """Return the check digit of a fiscal code.

    >>> cui_check("1439984")
    0
    """
    pairs = zip(digits.zfill(9), CUI_KEY, strict=True)
    return sum(int(a) * int(b) for a, b in pairs) * 10 % 11 % 10


def make_cnp(rng: random.Random, born: date, woman: bool) -> str:
    century = 1 if born.year < 2000 else 5
    first = (
        f"{century + woman}{born:%y%m%d}{rng.choice(COUNTIES):02d}"
        f"{rng.randint(1, 999):03d}"
    )
    return f"{first}{cnp_check(first)}"


def make_cui(rng: random.Random) -> str:
    digits = str(rng.randint(100000, 4999999))
    return f"{digits}{cui_check(digits)}"


def make_address(rng: random.Random) -> dict[str, Any]:
    block = rng.random() < 0.4
    return {
        "street": rng.choice(STREETS),
        "number": str(rng.randint(1, 180)) + rng.choice(("", "", "", "A", "bis")),
        "building": rng.choice(("A1", "B2", "14", "C")) if block else "",
        "entrance": rng.choice(("A", "B", "C")) if block else "",
        "apartment": str(rng.randint(1, 60)) if block else "",
        "locality": "Valea Mare",
        "county": "Vâlcea",
        "postal_code": f"247{rng.randint(100, 999)}",
        "country": "RO",
    }


def make_person(rng: random.Random, name: tuple[str, str] | None = None) -> Any:
    """Return a person as an account holds one.

    :param name: first and last name of the known demo account.
    """
    woman = name is not None or rng.random() < 0.5
    first = rng.choice(FIRST_F if woman else FIRST_M)
    last = rng.choice(LAST)
    if name:
        first, last = name
    elif rng.random() < 0.25:
        first += f"-{rng.choice(FIRST_F if woman else FIRST_M)}"
    born = date(1945, 1, 1) + timedelta(days=rng.randint(0, 22000))
    user = f"{fold(first).replace(' ', '-')}.{fold(last)}"
    return {
        "first_name": first,
        "last_name": last,
        "cnp": make_cnp(rng, born, woman),
        "email": f"{user}@exemplu.invalid",
        "phone": f"07{rng.randint(20, 79)}{rng.randint(0, 999999):06d}",
        "address": make_address(rng),
    }


def make_company(rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(("S.R.L.", "S.R.L.", "S.A.", "Asociația"))
    name = f"{rng.choice(TRADES)} {rng.choice(LAST)}"
    return {
        "name": f"{kind} {name}" if kind == "Asociația" else f"{name} {kind}",
        "cui": make_cui(rng),
        "address": make_address(rng),
        "role": rng.choice(ROLES),
    }
