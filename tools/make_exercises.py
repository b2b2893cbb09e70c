"""Build the public practice variants in ``notebooks/exercises`` from the modules in ``exercises``: all, or those named."""

import sys

from pebbletrail.exercises.module import load_module, module_folders
from pebbletrail.exercises.packet import handed_out, practice_variant
from pebbletrail.home import CHECKOUT


def built(module):
    """The files of a module's practice variant, as bytes by name."""
    return handed_out(practice_variant(module), practice=True)


def main(names):
    modules = module_folders()
    if lost := [name for name in names if name not in modules]:
        sys.exit(f"There is no module {lost[0]!r}; there are {', '.join(modules)}.")
    for name in names or modules:
        folder = CHECKOUT / "notebooks" / "exercises" / name
        folder.mkdir(parents=True, exist_ok=True)
        files = built(load_module(modules[name]))
        for path in folder.iterdir():
            if path.suffix in (".csv", ".json", ".ipynb") and path.name not in files:
                path.unlink()
        for file, content in files.items():
            (folder / file).write_bytes(content)
        print(f"{name}: {', '.join(files)}")


if __name__ == "__main__":
    main(sys.argv[1:])
