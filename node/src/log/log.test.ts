import { NoemaError } from "@noema/core/errors";
import { describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";

function capture(format: "json" | "text", level: "debug" | "info" = "info") {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level, format, destination: { write: (line) => void lines.push(line) } }) };
}

describe("logger", () => {
  it("writes a constant message and its fields", () => {
    const { lines, logger } = capture("json");
    logger.log("info", "block", { height: 3, hash: new Uint8Array([1, 2]), gas: 7n });
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: "info", msg: "block", height: 3, hash: "0x0102", gas: "7" });
  });

  it("drops what is below the level", () => {
    const { lines, logger } = capture("json");
    logger.log("debug", "detail");
    expect(lines).toEqual([]);
  });

  it("never writes a key, at any depth", () => {
    const secret = "00deadbeef00";
    const { lines, logger } = capture("json");
    logger.log("info", "started", { privateKey: secret, a: { secret_key: secret, b: [{ mnemonic: secret, password: secret }] } });
    logger.log("error", "failed", { error: new NoemaError("X", "message", { secretKey: secret }) });
    expect(lines.join("")).not.toContain(secret);
    expect(lines.join("")).toContain("[secret]");
  });

  it("shows an error's code and message", () => {
    const { lines, logger } = capture("json");
    logger.log("error", "failed", { error: new NoemaError("PORT_IN_USE", "port 1 is taken") });
    expect(JSON.parse(lines[0] as string).error).toMatchObject({ code: "PORT_IN_USE", message: "port 1 is taken" });
  });

  it("has a line for people", () => {
    const { lines, logger } = capture("text");
    logger.log("warn", "slow", { ms: 12, what: "two words" });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}slow ms=12 what="two words"\n$/);
  });
});
