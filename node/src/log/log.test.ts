import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { NoemaError } from "@noema/core/errors";
import { describe, expect, it } from "vitest";
import { countDrops } from "./dropping.ts";
import { openLogFile } from "./log-file.ts";
import { createLogger } from "./logger.ts";
import { readableStream } from "./readable.ts";

function capture() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, destination, logger: createLogger({ level: "info", destination }) };
}

describe("logger", () => {
  it("writes a constant message and its fields", () => {
    const { lines, logger } = capture();
    logger.log("info", "block", { height: 3, hash: new Uint8Array([1, 2]), gas: 7n });
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: "info", msg: "block", height: 3, hash: "0x0102", gas: "7" });
  });

  it("drops what is below the level", () => {
    const { lines, logger } = capture();
    logger.log("debug", "detail");
    expect(lines).toEqual([]);
  });

  it("never writes a key, at any depth", () => {
    const secret = "00deadbeef00";
    const { lines, logger } = capture();
    logger.log("info", "started", { privateKey: secret, a: { secret_key: secret, b: [{ mnemonic: secret, password: secret }] } });
    logger.log("error", "failed", { error: new NoemaError("X", "message", { secretKey: secret }) });
    expect(lines.join("")).not.toContain(secret);
    expect(lines.join("")).toContain("[secret]");
  });

  it("shows an error's code and message", () => {
    const { lines, logger } = capture();
    logger.log("error", "failed", { error: new NoemaError("PORT_IN_USE", "port 1 is taken") });
    expect(JSON.parse(lines[0] as string).error).toMatchObject({ code: "PORT_IN_USE", message: "port 1 is taken" });
  });

  it("has a line for people", () => {
    const { lines, destination } = capture();
    createLogger({ level: "info", destination: readableStream(destination) }).log("warn", "slow", { ms: 12, what: "two words" });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}slow ms=12 what="two words"\n$/);
  });
});

describe("log file", () => {
  const inFolder = (use: (path: string, folder: string) => void) => {
    const folder = mkdtempSync(join(tmpdir(), "noema-log-"));
    try {
      use(join(folder, "node.log"), folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it("goes on where an earlier process stopped, and beside another that appends", () =>
    inFolder((path) => {
      openLogFile(path).write("first\n");
      const second = openLogFile(path);
      appendFileSync(path, "raw\n");
      second.write("second\n");
      expect(readFileSync(path, "utf8")).toBe("first\nraw\nsecond\n");
    }));

  it("keeps the newest lines in a bounded number of files", () =>
    inFolder((path, folder) => {
      const log = openLogFile(path, { maxBytes: 30, kept: 2 });
      for (let i = 10; i < 30; i++) log.write(`line ${i}...\n`);
      expect(readdirSync(folder).sort()).toEqual(["node.log", "node.log.1", "node.log.2"]);
      const all = ["node.log.2", "node.log.1", "node.log"].map((name) => readFileSync(join(folder, name), "utf8"));
      expect(all.every((text) => text.length <= 30)).toBe(true);
      expect(all.join("")).toBe([24, 25, 26, 27, 28, 29].map((i) => `line ${i}...\n`).join(""));
    }));

  it("says at once where it cannot be opened", () =>
    inFolder((path) => {
      openLogFile(path).write("x");
      expect(() => openLogFile(join(path, "node.log"))).toThrow(expect.objectContaining({ code: "FILE_UNWRITABLE" }));
    }));
});

describe("a log that is not waited for", () => {
  it("drops lines that find no room, and says how many before it goes on", () => {
    const taken: string[] = [];
    let room = 1;
    const log = countDrops(
      (line) => {
        if (room === 0) return false;
        room--;
        taken.push(line);
        return true;
      },
      () => 0,
    );
    for (const line of ["a", "b", "c"]) log.write(line);
    expect(taken).toEqual(["a"]);
    room = 1;
    log.write("d"); // the count takes the only place
    expect(JSON.parse(taken[1] as string)).toMatchObject({ level: "warn", lines: 2, msg: expect.stringContaining("dropped") });
    room = 9;
    log.write("e");
    expect(taken.slice(2).map((x) => (x.startsWith("{") ? JSON.parse(x).lines : x))).toEqual([1, "e"]);
  });

  it("is not held up by a reader of its pipe that stalls, and goes on when it reads again", async () => {
    const talker = join(import.meta.dirname, "testing", "talker.ts");
    const child = spawn(process.execPath, [talker], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
    await once(child, "message"); // nobody has read yet
    const out = child.stdout as Readable;
    const lines: { i?: number; lines?: number; asked?: number }[] = [];
    const reader = createInterface(out);
    const more = () => child.send("more"); // there is room again, sooner or later
    out.on("data", more);
    for await (const line of reader) {
      lines.push(JSON.parse(line));
      if (lines.at(-1)?.asked !== undefined) break;
    }
    out.off("data", more).resume();
    child.send("end");
    const told = lines.filter((x) => x.i !== undefined).length;
    const dropped = lines.reduce((sum, x) => sum + (x.lines ?? 0), 0);
    expect(dropped).toBeGreaterThan(0);
    expect(told + dropped).toBe(10_000 + (lines.at(-1)?.asked as number));
    await once(child, "close");
  });

  it("drops what a full disk does not take", () => {
    const log = openLogFile("/dev/full");
    for (let i = 0; i < 3; i++) log.write("x\n");
  });

  it("goes on in a new file after its own was moved away", () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-log-"));
    const path = join(folder, "node.log");
    const log = openLogFile(path);
    log.write("a\n");
    renameSync(path, `${path}.moved`);
    log.write("b\n");
    log.reopen();
    log.write("c\n");
    expect([readFileSync(`${path}.moved`, "utf8"), readFileSync(path, "utf8")]).toEqual(["a\nb\n", "c\n"]);
    rmSync(folder, { recursive: true });
  });
});
