"""Execute one prepared page in a real kernel. Runs as a process of its own, so that a hang can be ended from outside.

    python -m pebbletrail.reproduce.run_page PREPARED.ipynb EXECUTED.ipynb

Each finished cell prints a line ``cell N``, from which the parent knows that the page is alive. The executed notebook is
written even when a cell raises; a line of JSON then names the cell and the error.
"""

import json
import sys
from pathlib import Path

CELL_LIMIT = 180  # seconds


def run(prepared, executed):
    """Execute and write; returns None, or what went wrong as a dict."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(prepared, as_version=4)
    client = NotebookClient(
        notebook, timeout=CELL_LIMIT, kernel_name="python3", resources={"metadata": {"path": str(Path(prepared).parent)}},
        on_cell_complete=lambda cell, cell_index: print("cell", cell_index, flush=True))
    try:
        client.execute()
        return None
    except CellExecutionError as error:
        return {"cell": _failed(notebook), "name": error.ename, "message": error.evalue, "traceback": str(error)}
    except (CellTimeoutError, DeadKernelError) as error:
        return {"cell": _failed(notebook), "name": type(error).__name__, "message": str(error).splitlines()[0],
                "traceback": str(error)}
    finally:
        nbformat.write(notebook, executed)


def _failed(notebook):
    """The number, in the page as written, of the cell that raised, or of the first one that did not finish."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            raised = any(output.output_type == "error" for output in cell.outputs)
            if raised or cell.execution_count is None:
                return cell.metadata.get("pebbletrail_cell")
    return None


if __name__ == "__main__":
    problem = run(sys.argv[1], sys.argv[2])
    if problem:
        print("error", json.dumps(problem), flush=True)
