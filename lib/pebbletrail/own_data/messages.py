"""What was found wrong, and what was done, in sentences: English and French."""

import re

HEADING = "The tables cannot be used as they are. Nothing was written."
SAID = {
    "en": {
        "not-a-number": "not a number", "not-yes-or-no": "neither yes nor no", "not-a-date": "not a date",
        "missing": "no value", "out-of-range": "outside the range", "not-whole": "not a whole number",
        "future-date": "a date in the future", "ragged": "too many or too few values", "duplicate-row": "the same row again",
        "rows-alike": "rows alike in every column", "duplicate-key": "the same key again", "all-missing": "no value at all",
        "wrong-ends": "another scale", "ambiguous-dates": "the order of day and month cannot be seen",
        "ambiguous-numbers": "the decimal mark cannot be seen", "constant": "always the same", "few-clusters": "few units",
        "one-cluster": "one unit only", "multiplies": "several rows for one", "nothing-matches": "no row finds its partner",
        "missing-column": "column not found", "non-response": "answers are missing unequally",
        "rows": "rows", "row": "row", "and more": "and {more:,} more", "found": "found: {found}",
        "allowed": "allowed: {allowed}",
    },
    "fr": {
        "not-a-number": "n'est pas un nombre", "not-yes-or-no": "ni oui ni non", "not-a-date": "n'est pas une date",
        "missing": "valeur absente", "out-of-range": "hors des limites", "not-whole": "n'est pas un nombre entier",
        "future-date": "date à venir", "ragged": "trop ou trop peu de valeurs", "duplicate-row": "la même ligne deux fois",
        "rows-alike": "lignes identiques en tout", "duplicate-key": "la même clé deux fois", "all-missing": "aucune valeur",
        "wrong-ends": "une autre échelle", "ambiguous-dates": "l'ordre du jour et du mois ne se voit pas",
        "ambiguous-numbers": "la marque décimale ne se voit pas", "constant": "toujours la même valeur",
        "few-clusters": "peu d'unités", "one-cluster": "une seule unité", "multiplies": "plusieurs lignes pour une",
        "nothing-matches": "aucune ligne ne trouve la sienne", "missing-column": "colonne introuvable",
        "non-response": "réponses inégalement absentes",
        "rows": "lignes", "row": "ligne", "and more": "et {more:,} de plus", "found": "trouvé : {found}",
        "allowed": "attendu : {allowed}",
    },
}
MENDS = {  # the sentences that data can meet without being refused, for a report in French
    "Mend the values at their source; until then these rows are set aside.":
        "Corrigez les valeurs à leur source ; d'ici là, ces lignes sont mises de côté.",
    "Quote values that hold the separator; until then these rows are set aside.":
        "Mettez entre guillemets les valeurs qui contiennent le séparateur ; d'ici là, ces lignes sont mises de côté.",
    "Quote values that hold the separator; until then these rows are left out.":
        "Mettez entre guillemets les valeurs qui contiennent le séparateur ; d'ici là, ces lignes sont mises de côté.",
    "The first of them is used.": "La première est retenue.",
    "They are kept: nothing tells whether one is a copy.": "Elles sont gardées : rien ne dit si l'une est une copie.",
    "Find out which of them is right; until then the first one is used.":
        "Cherchez laquelle est la bonne ; d'ici là, la première est retenue.",
}
ALLOWED = (("a whole number", "un nombre entier"), ("a number", "un nombre"), (" from ", " de "), (" to ", " à "),
           (" or more", " ou plus"), (" or less", " ou moins"), ("yes or no", "oui ou non"),
           ("a date, not after today", "une date, pas après aujourd'hui"), ("a name or a code", "un nom ou un code"),
           ("each only once", "chacune une seule fois"), ("each row once", "chaque ligne une fois"))
STEPS = {
    "en": {"read": "{table}: {after:,} rows read.",
           "set-aside": "{table}: {gone:,} of {before:,} rows set aside, each with its reason; {after:,} left.",
           "duplicates": "{table}: {gone:,} rows stood there a second time; {after:,} left.",
           "joined": "{table}: {beside:,} rows put beside the others by {on}; {same_key:,} of {before:,} share a key, "
                     "{after:,} go on, {taken:,} rows of {table} found their place."},
    "fr": {"read": "{table} : {after:,} lignes lues.",
           "set-aside": "{table} : {gone:,} lignes sur {before:,} mises de côté, chacune avec sa raison ; il en reste "
                        "{after:,}.",
           "duplicates": "{table} : {gone:,} lignes figuraient deux fois ; il en reste {after:,}.",
           "joined": "{table} : {beside:,} lignes rapprochées par {on} ; {same_key:,} sur {before:,} partagent une clé, "
                     "{after:,} restent, {taken:,} lignes de {table} ont trouvé leur place."},
}


def told(problems, language="en"):
    """One sentence for each problem: where, what, which rows, what is allowed, what to do."""
    return [_told(problem, language) for problem in problems]


def refused(about, problems, more=()):
    """The message of tables that cannot be used: the problems that stop, then the others."""
    ordered = sorted(problems, key=lambda problem: not problem.stops)
    return "\n".join([HEADING, *more, *(f"- {sentence}" for sentence in told(ordered))])


def told_step(step, language="en"):
    """What was done to a table's rows, with the counts."""
    template = STEPS[language].get(step.code, "{table}: {before:,} → {after:,}")
    values = {"beside": 0, "on": "", "same_key": 0, "taken": 0, **step.values}
    said = template.format(table=step.table, before=step.before, after=step.after, gone=step.before - step.after, **values)
    return re.sub(r"(?<=\d),(?=\d{3})", "\u202f", said) if language == "fr" else said


def _told(problem, language):
    words = SAID[language]
    own = f" ({problem.own})" if problem.own and problem.own != problem.column else ""
    place = " ".join(part for part in (problem.table, problem.column + own) if part)
    parts = [words.get(problem.code, problem.code)]
    if problem.rows:
        rows = ", ".join(map(str, problem.rows[:10]))
        left = problem.count - min(10, len(problem.rows))
        more = f" {words['and more'].format(more=left)}" if left > 0 else ""
        parts.append(f"{words['row' if problem.count == 1 else 'rows']} {rows}{more}")
    if problem.found:
        parts.append(words["found"].format(found=problem.found))
    if problem.allowed:
        parts.append(words["allowed"].format(allowed=_allowed(problem.allowed, language)))
    mend = MENDS.get(problem.mend, problem.mend) if language == "fr" else problem.mend
    colon = " : " if language == "fr" else ": "
    return f"{place}{colon}{'; '.join(parts)}. {mend}".strip()


def _allowed(text, language):
    for english, french in ALLOWED if language == "fr" else ():
        text = text.replace(english, french)
    return text
