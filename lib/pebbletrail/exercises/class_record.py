"""What a class folder knows of itself: read with care, and the versions that a module was begun with."""

import json
from importlib.metadata import PackageNotFoundError, version

from pebbletrail import __version__

DRAWS = ("numpy", "pandas", "scipy")  # what a draw goes through, besides Pebbletrail


def read_json(path, shape):
    """What a file of the class says.

    Parameters
    ----------
    path : Path
    shape : dict
        The fields that it must have, and of which type: see ``fits``.

    Raises
    ------
    ValueError
        It is no JSON, or not what Pebbletrail wrote.
    OSError
        It cannot be read.
    """
    said = json.loads(path.read_text(encoding="utf-8"))
    if not fits(said, shape):
        raise ValueError("what Pebbletrail wrote is not in it")
    return said


def fits(said, shape):
    """Whether data has a shape: a type; a dict of fields; ``[shape]`` a list; ``{str: shape}`` a dict of any names."""
    if isinstance(shape, type):
        return isinstance(said, shape)
    if isinstance(shape, list):
        return isinstance(said, list) and all(fits(one, shape[0]) for one in said)
    if not isinstance(said, dict):
        return False
    if str in shape:
        return all(fits(one, shape[str]) for one in said.values())
    return all(name in said and fits(said[name], inner) for name, inner in shape.items())


def versions():
    """The versions by which variants are drawn now, by name."""
    found = {"pebbletrail": __version__}
    for name in DRAWS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def other_versions(modules):
    """One sentence where modules were begun with other versions than go on now; else None.

    Parameters
    ----------
    modules : dict of str to dict
        Entries of ``class.json`` by module.
    """
    now, begun, names = versions(), {}, set()
    for module, entry in modules.items():
        then = entry.get("versions")
        other = {name: then[name] for name in then if then[name] != now.get(name)} if isinstance(then, dict) else {}
        if other:
            begun.setdefault(_listed(other), []).append(module)
            names |= other.keys()
    if not begun:
        return None
    told = "; ".join(f"{', '.join(modules)} with {then}" for then, modules in begun.items())
    goes_on = _listed({name: now.get(name, "(not here)") for name in sorted(names)})
    return (f"other versions are at work than when modules were begun ({told}; now {goes_on}): variants that are stored "
            "stay what they are, further ones may be drawn in another way.")


def _listed(found):
    return ", ".join(f"{name} {number}" for name, number in found.items())
