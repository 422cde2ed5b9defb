import { u32be } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { BlockInput } from "../src/api.ts";
import { COINBASE, signedTx } from "../src/testing/chain.ts";

/** Sets storage while it is created, and stays: PUSH32 .. for slots; every block changes accounts, storage and code. */
const CREATE = "0x435f5543600155606043600255600160005360016000f3";

/** The block of a height, the same in every process. */
export function crashInput(height: number): BlockInput {
  const nonce = BigInt(height - 1);
  return {
    height,
    parentConsensusHash: sha256(u32be(height - 1)),
    timestampMs: 1_700_000_000_000 + 2000 * height,
    coinbase: COINBASE,
    prevRandao: sha256(u32be(height)),
    system: [],
    txs: [
      signedTx(0, { nonce, to: `0x${"00".repeat(18)}${(height & 0xffff).toString(16).padStart(4, "0")}`, value: BigInt(height) }),
      signedTx(1, { nonce, data: CREATE, gasLimit: 300_000n }),
    ],
  };
}
