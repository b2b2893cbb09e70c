"""Columns that look as if they told who somebody is: their values become codes, or stay out altogether."""

import re

import pandas as pd

from pebbletrail.own_data.given import Problem
from pebbletrail.own_data.likert import folded

LOOKED_AT, SHARE = 1_000, 0.2  # different values looked at; the share of them that tells what the column is
PERSONAL = {"prenom", "prenoms", "surname", "firstname", "lastname", "fullname", "email", "mail", "courriel", "telephone",
            "phone", "tel", "mobile", "portable", "iban", "rib", "adresse", "address", "naissance", "birthdate", "birthday",
            "birth", "nir", "ssn", "vorname", "nachname"}
NAMES = {"nom", "noms", "name", "names"}  # of a person where they stand alone, or beside a word for one
PERSONS = {"agent", "conseiller", "conseillere", "client", "cliente", "customer", "employee", "salarie", "salariee",
           "manager", "responsable", "person", "personne", "contact", "user", "first", "last", "family", "famille", "full"}
FILLING = {"de", "du", "des", "d", "l", "la", "le", "of", "the", "et", "and", "s", ""}
OF_THINGS = {"equipe", "team", "unite", "unit", "service", "site", "groupe", "group", "segment", "produit", "product",
             "agence", "branch", "marque", "brand", "entreprise", "company", "firm", "canal", "channel", "motif", "reason",
             "zone", "region", "pays", "country", "ville", "city", "file", "queue", "poste"}
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$")
_PHONE = re.compile(r"^(\+\d[\d .()/-]{7,}|0[1-9]([ .-]?\d{2}){4})$")
_IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$")


def looks_personal(heading, values):
    """Why a column looks personal: ``"heading"``, ``"e-mail"``, ``"phone"``, ``"iban"``, or "" where it does not.

    Parameters
    ----------
    heading : str
    values : Series
        As they stand in the file. A heading such as *nom de l'équipe* names a thing, not a person.
    """
    if values.dtype.kind in "bfmM":
        return ""
    some = [str(value).strip() for value in pd.unique(values.dropna())[:LOOKED_AT]]
    for why, is_one in (("e-mail", _EMAIL.match), ("phone", _PHONE.match), ("iban", _is_iban)):
        if some and sum(bool(is_one(value)) for value in some) >= SHARE * len(some):
            return why
    words = _words(heading)
    named = words & NAMES and (words & PERSONS or not words - NAMES - FILLING)
    return "heading" if (words & PERSONAL or named) and not words & OF_THINGS else ""


def _words(heading):
    """The words of a heading; ``FirstName``, ``first_name`` and ``first name`` are the same two, and e-mail is one."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(heading)).replace("e-mail", "email").replace("E-mail", "email")
    return set(re.split(r"[^a-z]+", folded(apart)))


def _is_iban(value):
    """An account number checks itself: read as a number, it leaves 1 when divided by 97."""
    plain = value.replace(" ", "").upper()
    return _IBAN.match(plain) is not None and int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def looked_over(read, table, columns):
    """``(names of the study's columns whose values are to be codes, problems that say so)``."""
    names, problems, used = [], [], set()
    for name, (column, owns) in columns.items():
        used |= {own for own, _ in owns}
        if column.personal:
            names.append(name)
        elif column.kind in ("code", "group") and (why := looks_personal(owns[0][0], read.frame[owns[0][0]])):
            names.append(name)
            problems.append(Problem("looks-personal", table, name, owns[0][0], found=why))
    other = [own for own in read.frame.columns if own not in used and looks_personal(own, read.frame[own])]
    if other:
        problems.append(Problem("personal-dropped", table, count=len(other)))
    return names, problems


def coded(rows, names):
    """The rows with neutral codes, ``c0001``, in the place of these columns' values."""
    made = {}
    for name in names:
        places, _ = pd.factorize(rows[name])
        codes = [None if place < 0 else f"c{place + 1:04}" for place in places]
        made[name] = pd.Series(codes, index=rows.index, dtype=object)
    return rows.assign(**made)
