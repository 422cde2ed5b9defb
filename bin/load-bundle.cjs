/**
 * Copied into the start-up bundle: runs an entry and its chunks with the bytecode that an earlier run has left, of the functions that it
 * had called by then. Node's own cache keeps a module as it is before it runs, so that each start, and each thread, would compile them again.
 */
"use strict";
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { constants, Script } = require("node:vm");
const { crc32 } = require("node:zlib");

/** Of one entry: of a package's earlier versions, of other versions of Node. */
const KEPT_FILES = 4;
/** From when a process or a thread says that it has started: whoever waits for that is answered first. */
const SETTLED_MS = 100;

/** The exports of the entry whose code is in `file`. */
module.exports = function run(name, file) {
  const folder = process.env.NOEMA_BYTECODE;
  const kept = folder === undefined ? undefined : join(folder, `${name}.${file.slice(name.length + 1, -3)}-${cachedDataVersionTag()}`);
  const bytecode = kept === undefined ? new Map() : read(kept);
  const modules = new Map();
  /** Until it has settled. */
  let scripts = kept === undefined ? undefined : new Map();
  let isNews = false;

  function load(chunk) {
    const known = modules.get(chunk);
    if (known !== undefined) return known.exports;
    const path = join(__dirname, chunk);
    const code = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(path, "latin1")}\n})`;
    const cachedData = bytecode.get(chunk);
    const script = new Script(code, { filename: path, cachedData, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
    if (cachedData === undefined || script.cachedDataRejected) isNews = true;
    scripts?.set(chunk, script);
    const module = { exports: {} };
    modules.set(chunk, module);
    script.runInThisContext().call(module.exports, module.exports, requireFrom, module, path, __dirname);
    return module.exports;
  }
  const requireFrom = (id) => (id.startsWith("./") ? load(basename(id)) : require(id));
  requireFrom.resolve = require.resolve;

  /** Once. */
  function settle() {
    if (isNews && scripts !== undefined) {
      for (const [chunk, script] of scripts) bytecode.set(chunk, script.createCachedData());
      write(kept, bytecode);
      dropOld(folder, name);
    }
    scripts = undefined;
    bytecode.clear();
  }
  process.once("started", () => setTimeout(settle, SETTLED_MS).unref());
  process.on("exit", settle);
  return load(file);
};

/** A line of JSON, [checksum, [chunk, bytes]...], then the bytes: what V8 is given must be what it has made. */
function read(path) {
  try {
    const file = readFileSync(path);
    const end = file.indexOf("\n");
    const [checksum, ...chunks] = JSON.parse(file.toString("latin1", 0, end));
    if (crc32(file.subarray(end)) !== checksum) return new Map();
    const bytecode = new Map();
    let at = end + 1;
    for (const [chunk, bytes] of chunks) {
      bytecode.set(chunk, file.subarray(at, at + bytes));
      at += bytes;
    }
    return bytecode;
  } catch {
    return new Map(); // there is none yet, or it was cut
  }
}

/** Whole or not at all. What cannot be kept is compiled again. */
function write(path, bytecode) {
  const body = Buffer.concat([Buffer.from("\n"), ...bytecode.values()]);
  const head = JSON.stringify([crc32(body), ...[...bytecode].map(([chunk, { length }]) => [chunk, length])]);
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(unfinished, Buffer.concat([Buffer.from(head), body]), { mode: 0o600 });
    renameSync(unfinished, path);
  } catch {
    discard(unfinished);
  }
}

function discard(path) {
  try {
    rmSync(path, { force: true });
  } catch {} // where nothing can be written, there is nothing
}

function dropOld(folder, name) {
  try {
    const files = readdirSync(folder).filter((x) => x.startsWith(`${name}.`));
    const newest = files.map((x) => join(folder, x)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const path of newest.slice(KEPT_FILES)) discard(path);
  } catch {} // another process was faster
}
