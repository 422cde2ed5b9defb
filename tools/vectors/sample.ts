/**
 * Writes the committed sample of the outside vectors, core/vectors/*.json.br, from whole suites: `NOEMA_CONFORMANCE=FOLDER node
 * tools/vectors/sample.ts`. The same suites give the same bytes.
 */
import { writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { sampleFile, suiteFolder, wholeSuite } from "../../core/src/testing/conformance.ts";
import { suites } from "./suites.ts";

for (const { name, keep } of suites) {
  const folder = suiteFolder(name);
  if (folder === undefined) {
    process.stderr.write(`${name}: not in the folder of NOEMA_CONFORMANCE (${process.env.NOEMA_CONFORMANCE ?? "not set"})\n`);
    process.exit(1);
  }
  const { paths, read } = wholeSuite(folder);
  const entries = paths.map((path) => [path, keep(path, read(path))] as const).filter(([, text]) => text !== undefined);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: json.length };
  const packed = brotliCompressSync(json, { params });
  writeFileSync(sampleFile(name), packed);
  process.stdout.write(`${name}: ${entries.length} of ${paths.length} files, ${packed.length} bytes\n`);
}
