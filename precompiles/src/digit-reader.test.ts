import { readFileSync } from "node:fs";
import { fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { describe, expect, it } from "vitest";
import { ensureDigitReader } from "./digit-reader.ts";
import { digitReport } from "./testing/digit-model.ts";

const { bytecode } = JSON.parse(readFileSync(new URL("../contracts/artifacts/DigitReader.json", import.meta.url), "utf8"));
const DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
const MODEL = digitReport().modelId;
/** Reckoned by viem's getContractAddress({opcode: "CREATE2", ...}): where everybody finds it. A change of it is a change of the docs. */
const ADDRESS = "0xbd26995341b33d93b8897f21f1d2903cac6038cf";

/** A chain as far as it matters here: which addresses have code. */
function chain(deployed: string[], onSend: (add: (address: string) => void) => Promise<unknown>) {
  const sent: { to: string; data: string }[] = [];
  const ask = async (method: string, data: string) =>
    method === "web3_sha3" ? to0x(keccak256(fromHex(data))) : deployed.includes(data) ? "0x00" : "0x";
  const send = async (transaction: { to: string; data: string }) => {
    sent.push(transaction);
    return onSend((address) => deployed.push(address));
  };
  return { sent, find: () => ensureDigitReader({ ask: ask as never, bytecode, send }, MODEL) };
}

const works = (add: (address: string) => void) => Promise.resolve(add(ADDRESS));

describe("the one DigitReader", () => {
  it("is deployed once, at an address that only code and model decide", async () => {
    const { find, sent } = chain([DEPLOYER], works);
    expect(await find()).toBe(ADDRESS);
    expect(await find()).toBe(ADDRESS);
    expect(sent).toEqual([{ to: DEPLOYER, data: `0x${"00".repeat(32)}${bytecode.slice(2)}${MODEL.slice(2)}` }]);
  });

  it("is found although another was first and the own deployment failed", async () => {
    const { find } = chain([DEPLOYER], async (add) => {
      add(ADDRESS);
      throw new Error("execution reverted");
    });
    expect(await find()).toBe(ADDRESS);
  });

  it("says why it is not there", async () => {
    await expect(chain([DEPLOYER], () => Promise.reject(new Error("out of funds"))).find()).rejects.toThrow("out of funds");
    await expect(chain([DEPLOYER], () => Promise.resolve()).find()).rejects.toThrow(`could not be deployed at ${ADDRESS}`);
    await expect(chain([], works).find()).rejects.toThrow("--fresh");
  });
});
