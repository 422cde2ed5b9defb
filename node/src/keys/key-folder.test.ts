import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf } from "@noema/core/crypto/bls";
import { afterEach, beforeEach, expect, it } from "vitest";
import { chosenKey, heldKeys, holdKeystore, openKey } from "./key-folder.ts";
import { sealKeystore } from "./keystore.ts";
import { keystorePath } from "./paths.ts";
import { readSecretFile } from "./secret-file.ts";
import { createValidatorKey } from "./validator-key.ts";

let datadir = "";
let passwordFile = "";
beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "noema-keys-"));
  passwordFile = join(datadir, "password");
  writeFileSync(passwordFile, "correct horse\n", { mode: 0o600 });
});
afterEach(() => rmSync(datadir, { recursive: true, force: true }));

const code = (name: string) => expect.objectContaining({ code: name });
const hold = async (secretKey = generateSecretKey()) => {
  holdKeystore(datadir, await sealKeystore(secretKey, "correct horse", "", "pbkdf2"));
  return { secretKey, publicKey: to0x(publicKeyOf(secretKey)) };
};

it("signs with the only key, by the password in a file", async () => {
  expect(() => chosenKey({ datadir })).toThrow(code("KEY_FILE_INVALID"));
  const { secretKey, publicKey } = await hold();
  const key = chosenKey({ datadir });
  expect(key.publicKey).toBe(publicKey);
  expect(statSync(key.path).mode & 0o777).toBe(0o600);
  expect(await openKey(key, { datadir, passwordFile })).toEqual(secretKey);
  await expect(openKey(key, { datadir })).rejects.toThrow(code("PASSWORD_FILE_MISSING"));
  await expect(hold(secretKey)).rejects.toThrow(code("KEY_EXISTS"));
});

it("with several keys one is named", async () => {
  const plain = to0x(createValidatorKey(datadir));
  const { publicKey } = await hold();
  expect(heldKeys(datadir).map((x) => [x.publicKey, x.keystore !== undefined])).toEqual([
    [plain, false],
    [publicKey, true],
  ]);
  expect(() => chosenKey({ datadir })).toThrow(code("KEY_AMBIGUOUS"));
  expect(chosenKey({ datadir, validatorKey: publicKey.toUpperCase().replace("0X", "0x") }).publicKey).toBe(publicKey);
  expect(chosenKey({ datadir, validatorKey: plain }).keystore).toBeUndefined();
  expect(() => chosenKey({ datadir, validatorKey: to0x(publicKeyOf(generateSecretKey())) })).toThrow(code("KEY_UNKNOWN"));
});

it("passes over no damaged keystore, and none under another's name", async () => {
  const { publicKey } = await hold();
  const other = keystorePath(datadir, to0x(publicKeyOf(generateSecretKey())));
  writeFileSync(other, "{}");
  expect(() => heldKeys(datadir)).toThrow(code("KEYSTORE_INVALID"));
  writeFileSync(other, readFileSync(keystorePath(datadir, publicKey)));
  expect(() => heldKeys(datadir)).toThrow(code("KEYSTORE_INVALID"));
});
it("takes a secret from a file that nobody else reads, and quotes it nowhere", () => {
  expect(readSecretFile(passwordFile)).toBe("correct horse");
  chmodSync(passwordFile, 0o640);
  expect(() => readSecretFile(passwordFile)).toThrow(code("SECRET_FILE_OPEN"));
  expect(() => readSecretFile(passwordFile)).toThrow(expect.not.stringMatching(/correct/));
  chmodSync(passwordFile, 0o600);
  for (const text of ["", "\n", " ", "x".repeat(5000)]) {
    writeFileSync(passwordFile, text);
    expect(() => readSecretFile(passwordFile)).toThrow(code("SECRET_FILE_INVALID"));
  }
  expect(() => readSecretFile(join(datadir, "absent"))).toThrow(code("FILE_UNREADABLE"));
});
