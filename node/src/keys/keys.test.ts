import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { toHex, ZERO_HASH } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf, verify } from "@noema/core/crypto/bls";
import { signedMessage } from "@noema/core/crypto/signed-message";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { checkKeyFiles, openKeyFiles } from "./key-file.ts";
import { peerKeyPath, validatorKeyPath } from "./paths.ts";
import { loadPeerKey } from "./peer-key.ts";
import { createSigner } from "./signer.ts";
import { createValidatorKey, loadValidatorKey } from "./validator-key.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("keeps the validator's key for its owner alone and never replaces it", () => {
  const publicKey = createValidatorKey(folder);
  expect(publicKeyOf(loadValidatorKey(folder))).toEqual(publicKey);
  expect(statSync(validatorKeyPath(folder)).mode & 0o777).toBe(0o600);
  expect(() => createValidatorKey(folder)).toThrow(expect.objectContaining({ code: "KEY_EXISTS" }));
});

it("makes the peer's key once", async () => {
  const { id, privateKey } = await loadPeerKey(folder);
  expect(id).toMatch(/^12D3Koo/);
  expect((await loadPeerKey(folder)).id).toBe(id);
  expect((await loadPeerKey(folder)).privateKey.equals(privateKey)).toBe(true);
  expect(statSync(peerKeyPath(folder)).mode & 0o777).toBe(0o600);
});

it("refuses missing and damaged files without quoting them", async () => {
  const invalid = expect.objectContaining({ code: "KEY_FILE_INVALID", message: expect.not.stringContaining("5ec7e7") });
  expect(() => loadValidatorKey(folder)).toThrow(invalid);
  createValidatorKey(folder);
  await loadPeerKey(folder);
  for (const content of ["", "{", "null", '{"secretKey":"0x5ec7e7","privateKey":"0x5ec7e7"}', `{"secretKey":"0x${"00".repeat(32)}"}`]) {
    writeFileSync(validatorKeyPath(folder), content);
    expect(() => loadValidatorKey(folder)).toThrow(invalid);
    writeFileSync(peerKeyPath(folder), content);
    await expect(loadPeerKey(folder)).rejects.toThrow(invalid);
  }
});

it("says why a file cannot be read, and passes over a byte order mark", async () => {
  expect(() => loadValidatorKey(folder)).toThrow(/cannot read .*validator\.json: no such file/);
  const publicKey = createValidatorKey(folder);
  writeFileSync(validatorKeyPath(folder), `\ufeff${readFileSync(validatorKeyPath(folder), "utf8")}`);
  expect(publicKeyOf(loadValidatorKey(folder))).toEqual(publicKey);
});

it("names the key files that others can read", async () => {
  createValidatorKey(folder);
  await loadPeerKey(folder);
  expect(openKeyFiles(folder)).toEqual([]);
  chmodSync(validatorKeyPath(folder), 0o640);
  const open = { path: validatorKeyPath(folder), mode: "0640" };
  expect(openKeyFiles(folder)).toEqual([open]);
  const warn = vi.fn();
  checkKeyFiles(folder, { dev: true, warn });
  expect(warn.mock.calls).toEqual([[open]]);
  expect(() => checkKeyFiles(folder, { dev: false, warn })).toThrow(expect.objectContaining({ code: "SECRET_FILE_OPEN" }));
});

it("signs, and shows its key to nobody", async () => {
  const secretKey = generateSecretKey();
  const signer = createSigner(secretKey, ZERO_HASH);
  const body = new Uint8Array(16);
  expect(verify(publicKeyOf(secretKey), signedMessage("nullify", ZERO_HASH, body), await signer.sign("nullify", body))).toBe(true);
  const shown = [JSON.stringify(signer), inspect(signer, { depth: 9, showHidden: true }), String(signer), signer.sign.toString()].join();
  expect(shown).not.toContain(toHex(secretKey));
  expect(shown).not.toContain([...secretKey].slice(0, 4).join(", "));
});
