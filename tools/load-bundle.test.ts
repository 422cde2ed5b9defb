/** What runs the start-up bundle keeps bytecode, and takes none that it has not made. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./walls.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-bundle-"));
  const files = {
    "package.json": '{"type":"commonjs"}',
    "say.js": 'module.exports = require("./load.js")("say", "say-1.js");',
    "say-1.js": 'const { twice } = require("./twice-1.js"); process.stdout.write(twice(require("node:path").sep));',
    "twice-1.js": "exports.twice = (x) => x + x;",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  copyFileSync(join(root, "bin", "load-bundle.cjs"), join(folder, "load.js"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytecode = () => join(folder, "bytecode");
const run = (kept: string | undefined) =>
  spawnSync(process.execPath, [join(folder, "say.js")], { encoding: "utf8", env: { ...process.env, NOEMA_BYTECODE: kept } });
const keptFile = () => join(bytecode(), readdirSync(bytecode())[0] as string);

test("an entry runs with its chunks, and leaves bytecode that stays as long as the bundle and Node do", () => {
  expect(run(bytecode())).toMatchObject({ stdout: "//", stderr: "" });
  const left = readFileSync(keptFile());
  expect(run(bytecode())).toMatchObject({ stdout: "//", stderr: "" });
  expect(readFileSync(keptFile())).toEqual(left);
  expect(readdirSync(bytecode())).toHaveLength(1);
});

test("bytecode that was cut or damaged is made again", () => {
  run(bytecode());
  const left = readFileSync(keptFile());
  const flipped = Buffer.from(left);
  flipped.writeUInt8(flipped.readUInt8(left.length - 9) ^ 1, left.length - 9);
  for (const damaged of [flipped, left.subarray(0, left.length - 9), Buffer.alloc(left.length), Buffer.alloc(0)]) {
    writeFileSync(keptFile(), damaged);
    expect(run(bytecode())).toMatchObject({ stdout: "//", stderr: "" });
    expect(readFileSync(keptFile()).length).toBeGreaterThan(left.length / 2);
    expect(readFileSync(keptFile())).not.toEqual(damaged);
  }
});

test("what says that it has started keeps its bytecode then, and what is loaded later is run without", () => {
  const code = `
    const { existsSync, readdirSync } = require("node:fs");
    const isKept = () => existsSync(process.env.NOEMA_BYTECODE) && readdirSync(process.env.NOEMA_BYTECODE).some((x) => !x.endsWith("." + process.pid));
    const later = () => (isKept() ? (require("./twice-1.js"), process.kill(process.pid, "SIGKILL")) : setImmediate(later));
    process.emit("started");
    later();`;
  writeFileSync(join(folder, "say-1.js"), code);
  expect(run(bytecode())).toMatchObject({ signal: "SIGKILL", stderr: "" });
  expect(readFileSync(keptFile(), "latin1")).toMatch(/^\[\d+,\["say-1.js",\d+\]\]\n/);
});

test("without a folder for it, or with one that cannot be written, an entry runs all the same", () => {
  expect(run(undefined)).toMatchObject({ stdout: "//", stderr: "" });
  expect(run(join(folder, "say.js", "no-folder"))).toMatchObject({ stdout: "//", stderr: "" });
});
