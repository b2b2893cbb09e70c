"""Execute one prepared page in a real kernel. Runs as a process of its own, so that a hang can be ended from outside.

    python -m pebbletrail.reproduce.run_page PREPARED.ipynb EXECUTED.ipynb FOLDER SECONDS

SECONDS is the limit of one cell. Each finished cell prints a line ``cell N``, from which the parent knows that the page is
alive. The executed notebook is written even when a cell raises; a line of JSON then names the cell and the error.
"""

import json
import sys


def run(prepared, executed, folder, seconds):
    """Execute in a folder, and write; returns None, or what went wrong as a dict."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook, finished = nbformat.read(prepared, as_version=4), set()

    def on_cell(cell, cell_index, execute_reply):
        finished.add(cell_index)
        print("cell", cell_index, flush=True)

    client = NotebookClient(notebook, timeout=float(seconds), kernel_name="python3", on_cell_executed=on_cell,
                            resources={"metadata": {"path": folder}})
    try:
        client.execute()
        return None
    except CellExecutionError as error:
        return {"cell": _failed(notebook, finished), "name": error.ename, "message": error.evalue, "traceback": str(error)}
    except (CellTimeoutError, DeadKernelError) as error:
        return {"cell": _failed(notebook, finished), "name": type(error).__name__, "message": str(error).splitlines()[0],
                "traceback": str(error)}
    finally:
        nbformat.write(notebook, executed)


def _failed(notebook, finished):
    """The number, in the page as written, of the cell that raised, or of the first one that did not finish."""
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip():
            raised = any(output.output_type == "error" for output in cell.outputs)
            if raised or place not in finished:
                return cell.metadata.get("pebbletrail_cell")
    return None


if __name__ == "__main__":
    problem = run(*sys.argv[1:])
    if problem:
        print("error", json.dumps(problem), flush=True)
