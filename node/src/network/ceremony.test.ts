import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { to0x } from "@noema/core/bytes";
import { generateSecretKey } from "@noema/core/crypto/bls";
import { describe, expect, it } from "vitest";
import { createValidatorKey } from "../keys/validator-key.ts";
import { foundNetwork, parseSettings } from "./ceremony.ts";
import { register } from "./cli/register.ts";
import { chainSpecOf } from "./network-file.ts";
import { makeRegistration, parseRegistration, type Registration } from "./registration.ts";

const PEERS = ["12D3KooWJ7UkNv2w6cDMNdT6Wtx4JFxE71u7XpABMzeoctHoXUMQ", "12D3KooWRnadeUEDhFFHUCUEE1hHfiAtE29J9qmewto1QqufH3N9"];
const registered = (i: number, key = generateSecretKey()): Registration =>
  parseRegistration(
    makeRegistration(key, {
      name: `operator ${i}`,
      feeAddress: `0x${"1".repeat(39)}${i}`,
      peer: `/ip4/203.0.113.${i}/tcp/9645/p2p/${PEERS[i]}`,
      madeAt: `2026-11-0${i + 1}T12:00:00.000Z`,
    }),
    "made",
  );
/** EIP-55's example, and with one digit another. */
const CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const MISTYPED = CHECKSUMMED.replace("6053", "6054");
const none = parseSettings({}, "settings");
const found = (registrations: Registration[], more: object = {}) =>
  foundNetwork({ name: "testnet", chainId: 4242, registrations, settings: none, ...more });
const code = (name: string, message = /./) => expect.objectContaining({ code: name, message: expect.stringMatching(message) });

describe("the network's file", () => {
  const [a, b] = [registered(0), registered(1)] as const;

  it("is the same for equal inputs, in whatever order", () => {
    expect(JSON.stringify(found([b, a]))).toBe(JSON.stringify(found([a, b])));
  });

  it("is another chain when anything differs", () => {
    const hashOf = (...args: Parameters<typeof found>) => to0x(chainSpecOf(found(...args)).hash);
    const others = [
      hashOf([a, b], { name: "another" }),
      hashOf([a, b], { chainId: 4243 }),
      hashOf([a, b], { timestampMs: 1 }),
      hashOf([a]),
      hashOf([a, b], { settings: parseSettings({ execution: { alloc: { [a.feeAddress]: { balance: "1" } } } }, "settings") }),
    ];
    expect(new Set([hashOf([a, b]), ...others]).size).toBe(6);
  });

  it("begins when the last one registered, is no development chain, and names everybody", () => {
    const { genesis, validatorSet } = chainSpecOf(found([a, b]));
    expect(genesis).toMatchObject({ dev: false, chainId: 4242, timestampMs: Date.parse("2026-11-02T12:00:00Z") });
    expect(validatorSet(0).members).toHaveLength(2);
    expect(
      found([a, b])
        .validators.map((x) => x.peer)
        .sort(),
    ).toEqual([a.peer, b.peer].sort());
  });

  it("refuses two that stand in each other's way", () => {
    const key = generateSecretKey();
    expect(() => found([a, { ...b, name: a.name }])).toThrow(code("REGISTRATION_INVALID", /one name/));
    expect(() => found([a, { ...b, peer: a.peer }])).toThrow(code("REGISTRATION_INVALID", /one peer id/));
    expect(() => found([registered(0, key), registered(1, key)])).toThrow(code("REGISTRATION_INVALID", /one key/));
  });

  it("refuses settings that no chain can have", () => {
    expect(() => parseSettings({ validators: [] }, "s.json")).toThrow(code("NETWORK_FILE_INVALID", /validators: no field/));
    expect(() => found([a], { settings: parseSettings({ consensus: { nonsense: 1 } }, "s") })).toThrow(code("CONSENSUS_OPTIONS_INVALID"));
    expect(() => found([a], { settings: parseSettings({ consensus: { maxGas: 1 } }, "s") })).toThrow(code("GENESIS_INVALID"));
  });
});

describe("a registration", () => {
  const good = registered(0);
  const other = registered(1);

  it("is refused when its proof is another's, or covers another fee address", () => {
    for (const bad of [
      { ...good, pop: other.pop },
      { ...good, publicKey: other.publicKey },
      { ...good, feeAddress: other.feeAddress },
    ])
      expect(() => parseRegistration(bad, "bad.json")).toThrow(code("REGISTRATION_INVALID", /bad\.json: pop: the proof/));
  });

  it("is refused with the field at fault", () => {
    const bads: [object | null, RegExp][] = [
      [null, /./],
      [{ ...good, registration: 2 }, /registration: 1 is expected/],
      [{ ...good, publicKey: `0x${"00".repeat(48)}` }, /public key/],
      [{ ...good, peer: "/ip4/203.0.113.1/tcp/9645" }, /no \/p2p\//],
      [{ ...good, peer: "localhost:1" }, /peer address/],
      [{ ...good, name: "a\u0007" }, /name: /],
      [{ ...good, madeAt: "yesterday" }, /madeAt: a time/],
      [{ ...good, secretKey: "0x00" }, /secretKey: no field/],
    ];
    for (const [bad, message] of bads) expect(() => parseRegistration(bad, "bad.json")).toThrow(code("REGISTRATION_INVALID", message));
  });
});

it("what is said wrong is told before a password is asked for, and nothing is made", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-register-"));
  try {
    createValidatorKey(folder);
    const good = { datadir: folder, name: "alice", address: "/ip4/203.0.113.7/tcp/9645", feeAddress: `0x${"A".repeat(40)}`, out: join(folder, "out.json") }; // biome-ignore format: one line
    const wrong = [{ address: "203.0.113.7:9645" }, { feeAddress: "0x00" }, { feeAddress: MISTYPED }, { name: "a/b" }];
    for (const one of wrong) await expect(register({ ...good, ...one }), JSON.stringify(one)).rejects.toThrow(code("REGISTRATION_INVALID"));
    expect(existsSync(good.out)).toBe(false);
    await register({ ...good, feeAddress: CHECKSUMMED, out: join(folder, "other.json") });
    await register(good);
    expect(JSON.parse(readFileSync(good.out, "utf8"))).toMatchObject({ name: "alice", feeAddress: `0x${"a".repeat(40)}` });
    await expect(register({ ...good, datadir: join(folder, "nowhere") })).rejects.toThrow(code("KEY_FILE_INVALID"));
    expect(existsSync(join(folder, "nowhere"))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
