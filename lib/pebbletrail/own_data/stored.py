"""Prepared data on its way from the command to the notebook's kernel: a private folder, removed afterwards."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from pebbletrail.own_data.given import FilePassport, Prepared, Problem, Step

ROWS, REST, ASIDE = "rows.parquet", "prepared.json", "set-aside.parquet"


def save_prepared(prepared, folder, recipe=None):
    """Write what ``load_prepared`` reads. ``recipe`` says how to find the rows again when an engine holds them."""
    folder = Path(folder)
    if prepared.frame is not None:
        prepared.frame.to_parquet(folder / ROWS)
    prepared.set_aside.astype("string").to_parquet(folder / ASIDE)
    rest = {name: getattr(prepared, name) for name in ("practice", "absent", "personal", "headings", "engine")}
    parts = {name: [asdict(one) for one in getattr(prepared, name)] for name in ("flow", "problems", "passports")}
    (folder / REST).write_text(json.dumps({**rest, **parts, "recipe": recipe}, default=str), encoding="utf-8")


def load_prepared(folder):
    """The prepared data of a folder; an engine's rows are found again where they lie."""
    folder = Path(folder)
    raw = json.loads((folder / REST).read_text(encoding="utf-8"))
    recipe, rows, table = raw.pop("recipe"), folder / ROWS, None
    if recipe is not None:
        from pebbletrail.own_data.big import table_of

        table = table_of(recipe)
    kinds = {"flow": Step, "problems": Problem, "passports": FilePassport}
    parts = {name: tuple(_made(kind, one) for one in raw.pop(name)) for name, kind in kinds.items()}
    raw = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    raw["headings"] = tuple(map(tuple, raw["headings"]))
    return Prepared(frame=pd.read_parquet(rows) if rows.is_file() else None,
                    set_aside=pd.read_parquet(folder / ASIDE), table=table, **parts, **raw)


def _made(kind, raw):
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()})
