/** What is published: files as they are, folders with all below them but links, patterns with what they match. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bytes } from "@noema/core/ports/bytes";
import { afterEach, beforeEach, expect, it } from "vitest";
import { expandPaths, openInput } from "./inputs.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-inputs-"));
  mkdirSync(join(folder, "b"));
  for (const [path, text] of [
    ["b/x", "second"],
    ["a.txt", "first "],
    ["c[1]", ""],
  ] as const)
    writeFileSync(join(folder, path), text);
});
afterEach(() => rmSync(folder, { recursive: true }));

const textOf = async (chunks: AsyncIterable<Bytes>) => {
  let text = "";
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
};

it("joins a folder's files in the order of their paths, and tells what it leaves out", async () => {
  symlinkSync("/etc/passwd", join(folder, "b", "link"));
  symlinkSync("..", join(folder, "b", "up"));
  mkdirSync(join(folder, "e", "mpty"), { recursive: true });
  const skipped: string[] = [];
  const input = openInput(folder, (path, why) => skipped.push(`${path} ${why}`));
  expect(input.files).toEqual([
    { path: "a.txt", bytes: 6 },
    { path: "b/x", bytes: 6 },
    { path: "c[1]", bytes: 0 },
  ]);
  expect([input.bytes, await textOf(input.open())]).toEqual([12, "first second"]);
  const left = [
    `${join(folder, "b", "link")} is no file`,
    `${join(folder, "b", "up")} is no file`,
    `${join(folder, "e", "mpty")} is empty`,
  ];
  expect(skipped.sort()).toEqual(left);
});

it("a name that is no UTF-8 is refused by name", () => {
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff])]), "x");
  expect(() => openInput(folder, () => {})).toThrow(expect.objectContaining({ code: "CLI_INPUT_INVALID" }));
});

it("does not publish a file that changed after it was counted", async () => {
  const input = openInput(folder, () => {});
  writeFileSync(join(folder, "a.txt"), "longer than before");
  await expect(textOf(input.open())).rejects.toMatchObject({ code: "CLI_INPUT_INVALID" });
});

it("takes a path that exists before a pattern, and refuses a pattern that matches nothing", () => {
  expect(expandPaths([join(folder, "c[1]"), join(folder, "*.txt"), "-"])).toEqual([join(folder, "c[1]"), join(folder, "a.txt"), "-"]);
  expect(() => expandPaths([join(folder, "*.none")])).toThrow(expect.objectContaining({ code: "CLI_INPUT_INVALID" }));
  expect(() => openInput(join(folder, "missing"), () => {})).toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
});
