import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf, sign } from "@noema/core/crypto/bls";
import { possessionBody, signedMessage } from "@noema/core/crypto/signed-message";
import { afterAll, expect, test } from "vitest";
import { readChainSpec } from "./genesis.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-genesis-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = generateSecretKey();
const publicKey = publicKeyOf(key);
const feeAddress = new Uint8Array(20);
const pop = sign(key, signedMessage("pop", new Uint8Array(32), possessionBody(publicKey, feeAddress)));

type Limits = { batch?: number; ordered?: number; executed?: number; consensus?: object; da?: object };

function read(limits: Limits) {
  const path = join(folder, "genesis.json");
  const genesis = {
    chainId: 1,
    timestampMs: 1,
    salt: to0x(new Uint8Array(32)),
    dev: false,
    fork: "osaka",
    validators: [{ publicKey: to0x(publicKey), weight: "1", feeAddress: to0x(feeAddress), pop: to0x(pop) }],
    consensus: { ...limits.consensus, ...(limits.ordered && { maxGas: limits.ordered }) },
    execution: { ...(limits.executed && { gasLimit: limits.executed }) },
    da: { ...limits.da, ...(limits.batch && { maxBatchGas: limits.batch }) },
    inference: {},
  };
  writeFileSync(path, JSON.stringify(genesis));
  return readChainSpec(path);
}

test("the gas of a batch, of what is ordered and of what is executed fit into each other, by default as well", () => {
  const { da, consensus, execution } = read({});
  expect([da.maxBatchGas, consensus.maxGas, Number(execution.gasLimit)]).toEqual([30_000_000, 30_000_000, 30_000_000]);
  expect(read({ batch: 21_000, ordered: 30_000, executed: 40_000 }).consensus.maxGas).toBe(30_000);
});

test.each<Limits>([
  { ordered: 20_000_000 },
  { executed: 20_000_000 },
  { batch: 40_000_000 },
  { da: { payloadBytesPerBlock: 2 ** 23 } },
  { consensus: { maxPayloadBytes: 2 ** 21 } },
  { da: { blobBytesPerBlock: 2 ** 28 } },
  { consensus: { maxBlobBytes: 2 ** 26 } },
  { da: { blobRetention: 5000, maxBlobRetention: 2000 } },
  { da: { maxBlobRetention: 2000 } },
  { consensus: { inclusionWindow: 1023 } },
  { consensus: { inclusionWindow: 2048 } },
])("%j is refused", (limits) => {
  expect(() => read(limits)).toThrow(
    expect.objectContaining({ code: "GENESIS_INVALID", message: expect.stringContaining("does not hold") }),
  );
});
