"""Made-up firms to practise on: each writes its files the way firms keep them, and these take the same way as anybody's."""

import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path


def write_example(name, folder):
    """Write a practice's made-up files into a folder.

    Returns
    -------
    (dict, dict)
        Files by table, and the mapping from the study's names to the files'.
    """
    module = import_module(f"pebbletrail.practice.examples.{name.replace('-', '_')}")
    return module.write(Path(folder))


@cache
def prepared_example(name):
    """A practice's made-up example, prepared."""
    from pebbletrail.own_data.prepare import prepare
    from pebbletrail.practice.definition import practice

    with tempfile.TemporaryDirectory(prefix="pebbletrail-") as folder:
        sources, mapping = write_example(name, folder)
        return prepare(practice(name), sources, mapping)
