/**
 * Makes the start-up bundle as a new folder, whole or not at all, in a process of its own: `node build-bundle.mjs FOLDER [NAME=FILE...]`,
 * further entries. Says on stderr what is wrong with a source.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { bundledEntries } from "./commands.mjs";
import { root } from "./installation.mjs";
import { describe, FAILED } from "./report.mjs";

/** Workers are started by name, see node/src/threads/entry.ts. */
const WORKERS = {
  "execution-worker": "node/src/workers/execution.ts",
  "data-worker": "node/src/workers/data.ts",
  "webgpu-worker": "node/src/workers/webgpu.ts",
  "inference-worker": "node/src/workers/inference.ts",
  "reader-worker": "node/src/workers/reader.ts",
  "crypto-worker": "node/src/workers/crypto.ts",
};
/** Packages with native add-ons or files of their own beside their code: the root's package.json declares them for npm's package. */
export const EXTERNAL = [
  "@chainsafe/blst",
  "@chainsafe/hashtree",
  "@crate-crypto/node-eth-kzg",
  "@nxtedition/rocksdb",
  "c-kzg",
  "lmdb",
  "mcl-wasm",
  "secp256k1",
];

/** Names stay, for stacks. */
const MINIFY = { compress: true, mangle: false, codegen: { removeWhitespace: true } };
/** One character beyond Latin-1 has V8 keep a whole chunk at two bytes a character, in each process and thread. */
const ascii = {
  name: "ascii",
  generateBundle(_, chunks) {
    for (const chunk of Object.values(chunks)) if (chunk.type === "chunk") chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escaped);
  },
};
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

const unfinished = (folder) => `${folder}.building-${process.pid}`;

async function build(folder, further) {
  const { rolldown } = await import("rolldown");
  const entries = Object.entries({ ...bundledEntries(), ...WORKERS, ...further }).filter(([, file]) => existsSync(join(root, file)));
  const output = unfinished(folder);
  mkdirSync(output, { recursive: true });
  const bundled = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map(([name, file]) => [name, join(root, file)])),
    platform: "node",
    resolve: { mainFields: ["module", "main"] }, // of the ES modules, what nothing uses stays out
    external: (id) => EXTERNAL.some((x) => id === x || id.startsWith(`${x}/`)),
    plugins: [ascii],
    transform: { define: { "globalThis.NOEMA_BUNDLED": "true" } },
    onLog: (level, log, handler) => {
      if (level === "warn") return; // dependencies' own, nothing that a user can act on
      handler(level, log);
    },
  });
  const names = "[name]-[hash].js";
  const made = await bundled.write({
    dir: output,
    format: "cjs",
    exports: "named",
    entryFileNames: names,
    chunkFileNames: names,
    minify: MINIFY,
  });
  await bundled.close();
  writeFileSync(join(output, "package.json"), '{"type":"commonjs"}');
  copyFileSync(join(root, "bin", "load-bundle.cjs"), join(output, "load.js"));
  for (const { isEntry, name, fileName } of made.output)
    if (isEntry) writeFileSync(join(output, `${name}.js`), `module.exports = require("./load.js")("${name}", "${fileName}");\n`);
  try {
    renameSync(output, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another process was faster
    rmSync(output, { recursive: true, force: true });
  }
}

/** rolldown's errors bring a picture of the source, or a stack of its own: the first lines say what is wrong. */
function explain(error) {
  const [first] = error.errors ?? [];
  if (first === undefined) return describe(error).sentence;
  const lines = stripVTControlCharacters(first.message).split("\n");
  return first.loc ? `${lines[0]} at ${first.loc.file}:${first.loc.line}` : lines.slice(0, 2).join(" ").trim();
}

if (import.meta.main) {
  const [folder, ...further] = process.argv.slice(2);
  try {
    await build(folder, Object.fromEntries(further.map((x) => x.split("="))));
  } catch (error) {
    process.stderr.write(process.env.NOEMA_DEBUG === "1" ? error.stack : explain(error));
    rmSync(unfinished(folder), { recursive: true, force: true });
    process.exit(FAILED);
  }
}
