// node run_tests.mjs PYODIDE SITE APP RUNNER PYTEST_ARGUMENT...: runs an app's tests in Pyodide; the packages are in SITE.
import { pathToFileURL } from "node:url";

const [pyodide, ...folders] = process.argv.slice(2, 6);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide();
["/site", "/app", "/runner"].forEach((target, place) => {
  python.FS.mkdirTree(target);
  python.mountNodeFS(target, folders[place]);
});
python.globals.set("arguments", python.toPy(process.argv.slice(6)));
process.exitCode = python.runPython(`
import sys
sys.path[:0] = ["/app", "/site", "/runner"]
import in_pyodide
in_pyodide.run_tests("/app", list(arguments))
`);
