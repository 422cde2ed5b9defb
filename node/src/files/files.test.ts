import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";
import { readJson, readText } from "./read-json.ts";
import { createFile, replaceFile, writeFileAtomic, writeJson } from "./write-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-files-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const refused = (code: string, message: RegExp) => expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("reading", () => {
  it("passes over a byte order mark", () => {
    writeFileSync(at("x"), '\ufeff{"a": 1}');
    expect(readJson(at("x"))).toEqual({ a: 1 });
  });

  it("names the file and the cause", () => {
    writeFileSync(at("file"), "");
    writeFileSync(at("half"), '{"secret": 5ec7e7');
    mkdirSync(at("folder"));
    symlinkSync(at("loop"), at("loop"));
    const cases: [string, string, RegExp][] = [
      ["absent", "FILE_UNREADABLE", /^cannot read .*absent: no such file or folder$/],
      ["folder", "FILE_UNREADABLE", /folder: it is a folder$/],
      ["file/x", "FILE_UNREADABLE", /a part of its path is a file/],
      ["loop", "FILE_UNREADABLE", /circle/],
      ["file", "FILE_NOT_JSON", /file is empty$/],
      ["half", "FILE_NOT_JSON", /^((?!5ec7e7).)*half is not valid JSON$/],
    ];
    for (const [name, code, message] of cases) expect(() => readJson(at(name)), name).toThrow(refused(code, message));
  });
});

describe("what has no end", () => {
  it("is read to the limit, whatever its size says", () => {
    writeFileSync(at("x"), "é".repeat(100_000));
    expect(readText(at("x"))).toBe("é".repeat(100_000));
    expect(readText(at("x"), 200_000)).toHaveLength(100_000);
    expect(() => readText(at("x"), 199_999)).toThrow(refused("FILE_UNREADABLE", /x: it has more than 199999 bytes$/));
  });

  it.runIf(existsSync("/dev/zero"))("so a device ends", () => {
    expect(() => readJson("/dev/zero", 1 << 20)).toThrow(refused("FILE_UNREADABLE", /more than 1048576 bytes/));
  });
});

describe("writing", () => {
  it("replaces whole, with the mode asked for, and leaves nothing beside", () => {
    writeFileSync(at("x"), "old", { mode: 0o644 });
    writeJson(at("x"), { a: 1 }, 0o600);
    expect(readFileSync(at("x"), "utf8")).toBe('{\n  "a": 1\n}\n');
    expect(statSync(at("x")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  it("makes a file where none is, and leaves one that is there", () => {
    createFile(at("x"), "first", 0o600);
    expect(() => createFile(at("x"), "second")).toThrow(refused("FILE_UNWRITABLE", /x: a file stands there$/));
    expect(() => createFile(at("absent/x"), "second")).toThrow(refused("FILE_UNWRITABLE", /no such file or folder/));
    expect([readFileSync(at("x"), "utf8"), statSync(at("x")).mode & 0o777, readdirSync(folder)]).toEqual(["first", 0o600, ["x"]]);
  });

  it("leaves the old file until commit, and after discard", () => {
    writeFileSync(at("x"), "old");
    const replacement = replaceFile(at("x"));
    writeFileSync(replacement.path, "half");
    expect(readFileSync(at("x"), "utf8")).toBe("old");
    replacement.discard();
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  it("follows a link to the file that it replaces", () => {
    writeFileSync(at("x"), "old");
    symlinkSync("x", at("link"));
    writeFileAtomic(at("link"), "new");
    expect(readFileSync(at("x"), "utf8")).toBe("new");
  });

  it("writes into what cannot be replaced", () => {
    const program = `import { writeFileAtomic } from ${JSON.stringify(join(import.meta.dirname, "write-file.ts"))}; writeFileAtomic("/dev/stdout", "text");`;
    const piped = spawnSync("sh", ["-c", '"$0" --input-type=module -e "$1" | cat', process.execPath, program], { encoding: "utf8" });
    expect(piped.stdout).toBe("text");
    writeFileAtomic("/dev/null", "text");
    expect(statSync("/dev/null").isFile()).toBe(false);
  });

  it("names the file and the cause, and leaves nothing behind", () => {
    writeFileSync(at("file"), "");
    mkdirSync(at("folder"));
    const cases: [string, RegExp][] = [
      ["folder", /^cannot write .*folder: it is a folder$/],
      ["absent/x", /no such file or folder/],
      ["file/x", /a part of its path is a file/],
      [`${"x".repeat(300)}`, /the name is too long/],
    ];
    for (const [name, message] of cases) expect(() => writeFileAtomic(at(name), "x"), name).toThrow(refused("FILE_UNWRITABLE", message));
    expect(readdirSync(folder).sort()).toEqual(["file", "folder"]);
  });

  it.runIf(existsSync("/dev/full"))("says so where the disk is full", () => {
    expect(() => writeFileAtomic("/dev/full", "x")).toThrow(refused("FILE_UNWRITABLE", /no space is left/));
  });

  // Root may write anywhere; the kernel's own folders refuse even root.
  it.runIf(process.getuid?.() !== 0)("says so where it may not", () => {
    chmodSync(folder, 0o500);
    expect(() => writeFileAtomic(at("x"), "x")).toThrow(refused("FILE_UNWRITABLE", /permission denied/));
    expect(() => makeFolder(at("x/y"))).toThrow(refused("FILE_UNWRITABLE", /permission denied/));
  });
});

describe("folders", () => {
  it("makes parents too, and takes what is there", () => {
    makeFolder(at("a/b/c"), 0o700);
    makeFolder(at("a/b/c"));
    expect(statSync(at("a/b")).mode & 0o777).toBe(0o700);
  });

  it("refuses a file in its place or on the way", () => {
    writeFileSync(at("file"), "");
    expect(() => makeFolder(at("file"))).toThrow(refused("FILE_UNWRITABLE", /file: a file stands there$/));
    expect(() => makeFolder(at("file/x/y"))).toThrow(refused("FILE_UNWRITABLE", /a part of its path is a file/));
  });

  // mkdir's own `recursive` never returns there.
  it.runIf(existsSync("/proc/self"))("ends where nothing can be made", () => {
    expect(() => makeFolder("/proc/noema/x")).toThrow(refused("FILE_UNWRITABLE", /^cannot write \/proc\/noema\/x: /));
  });
});
