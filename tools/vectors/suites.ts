/** The outside vectors that tests use: where they come from, and what the committed sample takes of them. */
import { createHash } from "node:crypto";
import { EXPENSIVE } from "../../execution/test/expensive.ts";
import type { StateTest } from "../../execution/test/state-test.ts";

export type Suite = {
  name: string;
  /** Repository, version, folder in it. */
  origin: string;
  licence: string;
  /** The text that the sample keeps of a file; undefined: not in the sample. */
  keep(path: string, text: string): string | undefined;
};

/** Cases of one state test and fork: some have hundreds that differ by one byte. */
const CASES = 2;
/** Of the ethers transactions, one in so many. */
const ONE_IN = 4;

export const suites: readonly Suite[] = [
  {
    name: "gst-cancun",
    origin: "github.com/ethereum/legacytests at 71560ecd, Cancun/GeneralStateTests",
    licence: "MIT, licences/ethereum-tests",
    keep: (path, text) => (isStateTest(path) ? fewCases(text) : undefined),
  },
  {
    name: "eest-osaka",
    origin: "github.com/ethereum/execution-spec-tests, release fusaka-devnet-5 v1.1, fixtures/state_tests of Osaka's EIPs",
    licence: "MIT, licences/execution-spec-tests",
    keep: (path, text) => (isStateTest(path) ? fewCases(text) : undefined),
  },
  {
    name: "tx-rlp",
    origin: "github.com/paulmillr/eth-vectors at c6b9022d: ethereum/tests 13.1 TransactionTests and RLPTests, ethers 6.11.1 testcases",
    licence: "MIT, licences/ethereum-tests and licences/ethers",
    keep: (path, text) => {
      if (path.endsWith("ethers/testcases/transactions.json")) return fewTransactions(text);
      return /^(TransactionTests|RLPTests)\/.*\.json$|testcases\/rlp\.json$/.test(path) ? text : undefined;
    },
  },
  {
    name: "kzg",
    origin: "github.com/ethereum/c-kzg-4844 at b7e40988, tests",
    licence: "Apache-2.0, licences/c-kzg-4844",
    keep: (path, text) => (/^(blob_to_kzg_commitment|compute_kzg_proof|verify_kzg_proof)\//.test(path) ? text : undefined),
  },
  {
    name: "bls-eth2",
    origin: "npm @chainsafe/eth2-spec-tests 0.12.3, tests/general/phase0/bls",
    licence: "MIT, licences/eth2-spec-tests",
    keep: (path, text) => (path.endsWith("data.yaml") ? text : undefined),
  },
];

function isStateTest(path: string): boolean {
  return path.endsWith(".json") && !path.includes(".meta") && !EXPENSIVE.test(path);
}

/** What the runner reads, and of each fork the cases whose names hash lowest. */
function fewCases(text: string): string {
  const tests = JSON.parse(text) as Record<string, StateTest>;
  const kept = Object.entries(tests).map(([name, { env, pre, post }]) => {
    const few = Object.entries(post).map(([fork, cases]) => {
      const order = cases.map((_, i) => ({ i, rank: rank(`${name} ${fork} ${i}`) })).sort((a, b) => a.rank - b.rank);
      const indices = order.slice(0, CASES).map((x) => x.i);
      const picked = indices.sort((a, b) => a - b).map((i) => cases[i] as (typeof cases)[number]);
      return [fork, picked.map(({ hash, logs, txbytes, expectException }) => ({ hash, logs, txbytes, expectException }))];
    });
    return [name, { env, pre, post: Object.fromEntries(few) }];
  });
  return JSON.stringify(Object.fromEntries(kept));
}

function fewTransactions(text: string): string {
  const all = JSON.parse(text) as { name: string }[];
  return JSON.stringify(all.filter(({ name }) => rank(name) % ONE_IN === 0));
}

function rank(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0);
}
