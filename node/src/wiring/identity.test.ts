import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@noema/core/bytes";
import { createOwnSignatures } from "@noema/core/crypto/own-signatures";
import { createValidatorSet } from "@noema/core/validator-set";
import { expect, it } from "vitest";
import { createValidatorKey } from "../keys/validator-key.ts";
import type { ChainSpec } from "./genesis.ts";
import { loadSigner } from "./identity.ts";

it("is the validator of genesis that has the directory's key, and refuses a key that none has", async () => {
  const [own, another] = [0, 1].map(() => mkdtempSync(join(tmpdir(), "noema-identity-"))) as [string, string];
  const members = [own, another].map((x) => ({ publicKey: createValidatorKey(x), weight: 1n, feeAddress: new Uint8Array(20) }));
  const specOf = (chosen: typeof members) =>
    ({ hash: new Uint8Array(32), validatorSet: () => createValidatorSet(0, chosen) }) as unknown as ChainSpec;
  const both = specOf(members);
  const signer = await loadSigner({ datadir: own, follow: false }, both, createOwnSignatures());
  expect(signer?.publicKey).toBe(toHex(members[0]?.publicKey as Uint8Array));
  const refuse = () => loadSigner({ datadir: own, follow: false }, specOf(members.slice(1)), createOwnSignatures());
  await expect(refuse()).rejects.toThrow(expect.objectContaining({ code: "NOT_A_VALIDATOR" }));
  for (const folder of [own, another]) rmSync(folder, { recursive: true });
});

it("has no signer where the configuration says that it follows, with a key or without", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-identity-"));
  const load = (follow: boolean) => loadSigner({ datadir: folder, follow }, {} as ChainSpec, createOwnSignatures());
  expect(await load(true)).toBeUndefined();
  await expect(load(false)).rejects.toThrow(expect.objectContaining({ code: "KEY_FILE_INVALID" }));
  createValidatorKey(folder);
  expect(await load(true)).toBeUndefined();
  rmSync(folder, { recursive: true });
});
