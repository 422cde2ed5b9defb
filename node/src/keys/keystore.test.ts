import { fromHex, to0x } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf } from "@noema/core/crypto/bls";
import { beforeAll, describe, expect, it } from "vitest";
import { type Keystore, openKeystore, parseKeystore, publicKeyIn, sealKeystore } from "./keystore.ts";

/** The test cases of EIP-2335. */
const PASSWORD = "𝔱𝔢𝔰𝔱𝔭𝔞𝔰𝔰𝔴𝔬𝔯𝔡🔑";
const SECRET = "0x000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
const salt = "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3";
const cipher = (message: string) => ({ function: "aes-128-ctr", params: { iv: "264daa3f303d7259501c93d997d84fe6" }, message });
const rest = {
  pubkey: "9612d7a727c9d0a22e185a1c768478dfe919cada9266988cb32359c11f2b7b27f4ae4040902382ae2910c15e2b420d07",
  path: "m/12381/60/3141592653/589793238",
  uuid: "1d85ae20-35c5-4611-98e8-aa14a633906f",
  version: 4,
};
const VECTORS = {
  scrypt: {
    crypto: {
      kdf: { function: "scrypt", params: { dklen: 32, n: 262144, p: 1, r: 8, salt }, message: "" },
      checksum: { function: "sha256", params: {}, message: "d2217fe5f3e9a1e34581ef8a78f7c9928e436d36dacc5e846690a5581e8ea484" },
      cipher: cipher("06ae90d55fe0a6e9c5c3bc5b170827b2e5cce3929ed3f116c2811e6366dfe20f"),
    },
    ...rest,
  },
  pbkdf2: {
    crypto: {
      kdf: { function: "pbkdf2", params: { dklen: 32, c: 262144, prf: "hmac-sha256", salt }, message: "" },
      checksum: { function: "sha256", params: {}, message: "8a9f5d9912ed7e75ea794bc5a89bca5f193721d30868ade6f73043c6ea6febf1" },
      cipher: cipher("cee03fde2af33149775b7223e7845e4fb2c8ae1792e5f99fe9ecf474cc8c16ad"),
    },
    ...rest,
  },
};

describe.each(["scrypt", "pbkdf2"] as const)("%s", (kdf) => {
  const parsed = () => parseKeystore(VECTORS[kdf], "vector");

  it("opens EIP-2335's own", async () => {
    expect(to0x(await openKeystore(parsed(), PASSWORD, "vector"))).toBe(SECRET);
  });

  it("seals what it opens", async () => {
    const secretKey = generateSecretKey();
    const sealed = await sealKeystore(secretKey, "two words", "m/12381/3600/7/0/0", kdf);
    expect(publicKeyIn(sealed)).toBe(to0x(publicKeyOf(secretKey)));
    expect(sealed).toMatchObject({ path: "m/12381/3600/7/0/0", version: 4 });
    const read = parseKeystore(JSON.parse(JSON.stringify(sealed)), "sealed");
    expect(await openKeystore(read, "two words", "sealed")).toEqual(secretKey);
    expect(JSON.stringify(sealed)).not.toContain(to0x(secretKey).slice(2));
  });
});

describe("a password", () => {
  const parsed = () => parseKeystore(VECTORS.pbkdf2, "vector");

  it("opens in every spelling that the EIP calls the same, and in no other", async () => {
    for (const password of ["testpassword🔑", "test\u0007pass\nword\u007f🔑"])
      expect(to0x(await openKeystore(parsed(), password, "vector"))).toBe(SECRET);
    await expect(openKeystore(parsed(), "testpassword", "vector")).rejects.toMatchObject({ code: "KEYSTORE_PASSWORD_WRONG" });
  });

  it("does not open a key that is not the named one", async () => {
    const other = { ...parsed(), pubkey: "a".repeat(96) };
    await expect(openKeystore(other, PASSWORD, "vector")).rejects.toMatchObject({ code: "KEYSTORE_INVALID" });
  });
});

describe("what is no keystore", () => {
  let good: Keystore;
  beforeAll(() => {
    good = parseKeystore(VECTORS.scrypt, "vector");
  });
  const kdf = (params: object) => ({ ...good, crypto: { ...good.crypto, kdf: { ...good.crypto.kdf, params } } });
  const { params } = VECTORS.scrypt.crypto.kdf;

  it("is refused before it costs memory or time", () => {
    const huge = { ...params, n: 2 ** 24 };
    for (const json of [
      null,
      [],
      {},
      { ...good, version: 3 },
      { ...good, pubkey: "00" },
      kdf(huge),
      kdf({ ...params, r: 2 ** 20 }),
      kdf({ ...params, dklen: 16 }),
      kdf({ ...params, salt: "xyz" }),
    ])
      expect(() => parseKeystore(json, "a file")).toThrow(expect.objectContaining({ code: "KEYSTORE_INVALID" }));
    const rounds = { ...VECTORS.pbkdf2.crypto.kdf, params: { ...VECTORS.pbkdf2.crypto.kdf.params, c: 2 ** 31 } };
    expect(() => parseKeystore({ ...good, crypto: { ...good.crypto, kdf: rounds } }, "a file")).toThrow(/c: /);
  });

  it("is refused where the library cannot do it", async () => {
    const odd = parseKeystore(kdf({ ...params, n: 1000 }), "odd"); // no power of two
    await expect(openKeystore(odd, PASSWORD, "odd")).rejects.toMatchObject({ code: "KEYSTORE_INVALID" });
  });
});

it("says nothing of password or key", async () => {
  const error: Error = await openKeystore(parseKeystore(VECTORS.pbkdf2, "f"), "s3cret!", "f").catch((x) => x);
  expect(JSON.stringify([error.message, error])).not.toMatch(/s3cret|0019d668/);
  expect(fromHex(SECRET)).toHaveLength(32);
});
