"""The modules that somebody named, loaded: one that is broken does not hold up the others."""

import difflib
import traceback
from pathlib import Path

from pebbletrail.exercises.module import load_module
from pebbletrail.exercises.source import BrokenSource, read_source, student_notebook


def chosen(names, modules):
    """The modules that somebody named, by name or by week, in the order of weeks; all without a name.

    Parameters
    ----------
    names : sequence of str
        Such as ``"04-control"`` or ``"4"``.
    modules : dict
        By name, in the order of weeks, such as ``module_folders()``; nothing is loaded.

    Returns
    -------
    list
        The values that were named.

    Raises
    ------
    ValueError
        No such module; the message names the nearest.
    """
    if not modules:
        raise ValueError("There is no module in the folder exercises yet.")
    wanted = set()
    for name in names:
        week = int(name) if name.isdecimal() else None
        found = [one for one in modules if one == name or int(one[:2]) == week]
        if len(found) != 1:
            near = difflib.get_close_matches(name, [*modules, *(one[3:] for one in modules)], n=1, cutoff=0.5)
            guess = [one for one in modules if near and near[0] in (one, one[3:])]
            hint = f" Did you mean {guess[0]!r}?" if guess else ""
            raise ValueError(f"MODULE: there is no {name!r}.{hint} There are {', '.join(modules)}; the number of the week "
                             "is enough.")
        wanted.update(found)
    return [one for name, one in modules.items() if name in wanted or not names]


def load(folder):
    """The module in a folder.

    Raises
    ------
    BrokenSource
        Its code does not run; one sentence with file and line.
    """
    try:
        module = load_module(folder)
        _ = module.version, module.title  # what every class needs of it
    except Exception as error:  # whatever an author's mistake raises
        raise BrokenSource(f"{_place(error, Path(folder))}: {_said(error)}.") from None
    return module


def handed_out_notebook(module):
    """A module's student notebook, with the places for a variant's words.

    Raises
    ------
    BrokenSource
        None can be made; the sentence names the module.
    """
    try:
        return student_notebook(read_source(module.solution))
    except BrokenSource as error:
        raise BrokenSource(f"{module.name}: {error}") from None
    except SyntaxError as error:  # in a cell
        raise BrokenSource(f"{module.name}: {module.solution.name}: a cell is no Python ({error}).") from None


def sound(folders):
    """The modules in these folders from which a class can be built, and a sentence for each of the others.

    Parameters
    ----------
    folders : iterable of Path

    Returns
    -------
    tuple of (list of Module, list of str)
    """
    modules, broken = [], []
    for folder in folders:
        try:
            module = load(folder)
            handed_out_notebook(module)
        except BrokenSource as error:
            broken.append(str(error))
        else:
            modules.append(module)
    return modules, broken


def _place(error, folder):
    """File and line of the module's own code at which an error arose."""
    if isinstance(error, SyntaxError) and error.filename:
        places = [(error.filename, error.lineno)]
    else:
        places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    inside = [(Path(file).name, line) for file, line in places if Path(file).parent.resolve() == folder.resolve()]
    file, line = inside[-1] if inside else ("module.py", None)
    return f"{folder.name}/{file}" + (f", line {line}" if line else "")


def _said(error):
    text = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
