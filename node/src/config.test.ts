import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseNodeConfig, readNodeConfig } from "./config.ts";

const SECRET = "5ec7e75ec7e75ec7e75ec7e7";
const address = `0x${"11".repeat(20)}`;
const quiet = expect.objectContaining({ code: "CONFIG_INVALID", message: expect.not.stringContaining("5ec7e7") });

it("names the field at fault and never quotes a key", () => {
  const config = { genesis: "g", datadir: "d", rpc: { port: 0 }, metrics: { port: 0 }, p2p: { port: 0, peers: [] }, models: "m" };
  expect(parseNodeConfig(config).rpc.host).toBe("127.0.0.1");
  for (const privateKey of [SECRET, [SECRET], { key: SECRET }])
    expect(() => parseNodeConfig({ ...config, accounts: [{ address, privateKey }] })).toThrow(quiet);
  expect(() => parseNodeConfig({ ...config, accounts: [{ address, privateKey: SECRET }] })).toThrow("accounts.0.privateKey");
});

it("does not quote a file that is no JSON", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-config-"));
  const path = join(folder, "config.json");
  writeFileSync(path, `{"privateKey": ${SECRET}}`);
  try {
    expect(() => readNodeConfig(path)).toThrow(quiet);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
