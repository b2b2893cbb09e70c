"""Columns that look as if they told who somebody is: neither the frame nor the report keeps what they say."""

import re

import pandas as pd

from pebbletrail.own_data.likert import folded

HEADINGS = {
    "name", "nom", "prenom", "firstname", "first name", "lastname", "last name", "surname", "email", "e-mail", "mail",
    "courriel", "phone", "telephone", "tel", "mobile", "iban", "address", "adresse", "birthday", "date de naissance",
    "date of birth", "social security", "numero de securite sociale", "nir"}
VALUES = (re.compile(r"^[^@\s]+@[^@\s]+\.\w{2,}$"), re.compile(r"^(\+|00)\d[\d .()/-]{7,}$"),
          re.compile(r"^0\d([ .-]?\d{2}){4}$"), re.compile(r"^[A-Z]{2}\d{2}[ ]?([A-Z0-9]{4}[ ]?){3,7}[A-Z0-9]{0,4}$"))
LOOKED_AT, SHARE = 500, 0.5


def looks_personal(heading, values):
    """Whether a heading, or half of the first values below it, look like a name or an address."""
    if folded(heading).replace("_", " ") in HEADINGS:
        return True
    some = [str(value).strip() for value in values.dropna()[:LOOKED_AT] if isinstance(value, str)]
    return bool(some) and sum(any(form.match(value) for form in VALUES) for value in some) >= SHARE * len(some)


def coded(values, sign):
    """The same grouping under neutral codes (``c0001`` in order of appearance); missing stays missing."""
    codes, _ = pd.factorize(values, use_na_sentinel=True)
    width = max(4, len(str(codes.max() + 1)))
    told = [None if code < 0 else f"{sign}{code + 1:0{width}}" for code in codes]
    return pd.Series(told, index=values.index, dtype=object)
