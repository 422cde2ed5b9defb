import { pbkdf2Sync } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { publicKeyOf } from "@noema/core/crypto/bls";
import { deriveSecretKey } from "@noema/core/crypto/bls-derivation";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refuseMoved } from "../../slashing-protection/moved.ts";
import { chosenKey, heldKeys, openKey } from "../key-folder.ts";
import { exportKey } from "./export.ts";
import { importKeys } from "./import.ts";
import { newKeys } from "./new.ts";

const WORDS = `${"abandon ".repeat(11)}about`;
let folder = "";
const at = (...names: string[]) => join(folder, ...names);
const code = (name: string) => expect.objectContaining({ code: name });
const secret = (name: string, text: string) => {
  writeFileSync(at(name), text, { mode: 0o600 });
  return at(name);
};
const made = (datadir: string, more: object = {}) =>
  newKeys({ datadir: at(datadir), mnemonicFile: at("words"), passwordFile: at("password"), index: 0, count: 1, kdf: "pbkdf2", ...more });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-keys-"));
  secret("password", "correct horse\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("derives what BIP-39 and EIP-2334 say, and the same again", async () => {
  secret("words", `${WORDS}\n`);
  await made("a", { index: 3, count: 2 });
  const seed = pbkdf2Sync(WORDS, "mnemonic", 2048, 64, "sha512");
  const expected = [3, 4].map((i) => to0x(publicKeyOf(deriveSecretKey(seed, [12381, 3600, i, 0, 0]))));
  expect(heldKeys(at("a")).map((x) => x.publicKey)).toEqual([...expected].sort());
  expect(
    heldKeys(at("a"))
      .map((x) => x.keystore?.path)
      .sort(),
  ).toEqual(["m/12381/3600/3/0/0", "m/12381/3600/4/0/0"]);
  await expect(made("a", { index: 4 })).rejects.toThrow(code("KEY_EXISTS"));
});

it("writes a new mnemonic where there is none, for its owner alone, before any key", async () => {
  await made("a");
  expect(readFileSync(at("words"), "utf8").trim().split(" ")).toHaveLength(24);
  expect(statSync(at("words")).mode & 0o777).toBe(0o600);
  await made("b");
  expect(heldKeys(at("b"))[0]?.publicKey).toBe(heldKeys(at("a"))[0]?.publicKey);
  secret("words", "abandon abandon");
  await expect(made("c")).rejects.toThrow(code("MNEMONIC_INVALID"));
});

it("a key leaves under another password and comes back as it was", async () => {
  await made("a");
  const [key] = heldKeys(at("a"));
  const path = { datadir: at("a"), out: at("out.json"), kdf: "pbkdf2" as const };
  await exportKey({ ...path, passwordFile: at("password"), newPasswordFile: secret("other", "battery staple") });
  await expect(exportKey({ ...path, passwordFile: at("password") })).rejects.toThrow(code("KEY_EXISTS"));
  await expect(importKeys([at("out.json")], { datadir: at("b"), passwordFile: at("password") })).rejects.toThrow(
    code("KEYSTORE_PASSWORD_WRONG"),
  );
  expect(existsSync(at("b", "keys"))).toBe(false);
  await importKeys([at("out.json")], { datadir: at("b"), passwordFile: at("other") });
  const choice = { datadir: at("b"), passwordFile: at("other") };
  expect(chosenKey(choice).publicKey).toBe(key?.publicKey);
  expect(to0x(publicKeyOf(await openKey(chosenKey(choice), choice)))).toBe(key?.publicKey);
});

it("an imported key signs only where somebody says what it has signed", async () => {
  secret("words", WORDS);
  await made("a");
  const publicKey = heldKeys(at("a"))[0]?.publicKey as string;
  refuseMoved(at("a"), publicKey);
  const to = { datadir: at("b"), passwordFile: at("password") };
  await importKeys([at("a", "keys")], to);
  expect(() => refuseMoved(at("b"), publicKey)).toThrow(code("KEY_UNPROTECTED"));
  await importKeys([at("a", "keys")], { ...to, neverSigned: true });
  refuseMoved(at("b"), publicKey);
  await importKeys([at("a", "keys")], to);
  refuseMoved(at("b"), publicKey);
});

it("imports a folder, passes over what is there, and stops at what is no keystore", async () => {
  secret("words", WORDS);
  await made("a", { count: 3 });
  mkdirSync(at("all"));
  for (const name of readdirSync(at("a", "keys"))) copyFileSync(at("a", "keys", name), at("all", name));
  const to = { datadir: at("b"), passwordFile: at("password") };
  await importKeys([at("all")], to);
  await importKeys([at("all")], to);
  expect(heldKeys(at("b"))).toHaveLength(3);
  writeFileSync(at("all", "zzz.json"), "{}");
  await expect(importKeys([at("all")], to)).rejects.toThrow(code("KEYSTORE_INVALID"));
  mkdirSync(at("none"));
  await expect(importKeys([at("none")], to)).rejects.toThrow(code("FILE_UNREADABLE"));
});
