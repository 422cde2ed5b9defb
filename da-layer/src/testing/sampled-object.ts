/** A certified object and nodes that hold it, for sampling clients. Test support, no production code. */
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { createKeyedValidators } from "@noema/core/testing/keyed-scheme";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { availabilityBody } from "@noema/core/types/availability";
import { assignSlots } from "../blob/assignment.ts";
import { ROW_BYTES, ROW_PAYLOAD } from "../blob/elements.ts";
import { encodeBlob } from "../blob/encode.ts";
import type { CellsOfRow, Kzg } from "../blob/kzg.ts";
import { importPoint, loadMsm, multiScalar } from "../blob/msm.ts";
import { daError } from "../errors.ts";
import { encodeProvenCell } from "../sampling/cells.ts";
import type { ObjectFacts } from "../sampling/certified.ts";
import type { CellSource, SamplingCrypto, SamplingRequest } from "../sampling/client.ts";
import { testMeta, testPayload } from "./blob.ts";

export type SampledObject = {
  facts: ObjectFacts;
  /** By slot. */
  rows: readonly CellsOfRow[];
  /** A holder of everything; `give` may change what it gives, or give nothing. */
  source(name: string, give?: (slot: number, cell: number, good: Bytes) => Bytes | undefined): CellSource;
  request(sources: readonly CellSource[], own?: Partial<SamplingRequest>): SamplingRequest;
};

/** R = 2 and N = 8 of four validators. */
export async function createSampledObject(kzg: Kzg): Promise<SampledObject> {
  const { set, scheme, signers } = createKeyedValidators([1n, 1n, 1n, 1n]);
  const payloadLen = ROW_PAYLOAD + 5000;
  const publisher = set.members[1]!.feeAddress;
  const meta = testMeta(payloadLen, { N: 8, publisher });
  const { id, object, rows } = await encodeBlob(kzg, meta, testPayload(payloadLen));
  const { epoch, nonce: seq, expiry } = meta;
  const header = { epoch, publisher: 1, seq, refHeight: 9, bytes: 8 * ROW_BYTES, gasLimitSum: 0n, expiry, id };
  const body = availabilityBody(header);
  const votes = new Map(await Promise.all([0, 1, 3].map(async (i) => [i, await signers[i]!.sign("blob", body)] as const)));
  const { certificate } = await scheme.aggregate(set, "blob", body, votes);
  const holders = assignSlots(set, 2, new Uint8Array(32), publisher, seq).ranges.flatMap(({ validator, from, to }) =>
    new Array<number>(to - from).fill(validator),
  );
  const facts = { ...object, cert: { kind: "blob" as const, header, certificate: certificate! }, height: 12, holders };
  const made: CellsOfRow[] = [];
  for (const row of rows) made.push(await kzg.makeCells(row));
  await loadMsm();
  /** By commitments and scalars: thousands of runs combine the same few. */
  const combined = new Map<string, Bytes>();
  const crypto: SamplingCrypto = {
    certificates: scheme,
    combiner(commitments) {
      const of = commitments.map(toHex).join();
      return (scalars) => {
        const key = `${of} ${scalars.join()}`;
        const sum = combined.get(key) ?? multiScalar(commitments.map(importPoint), scalars);
        combined.set(key, sum);
        return sum;
      };
    },
    verifyCells: kzg.verifyCells,
  };
  return {
    facts,
    rows: made,
    source: (name, give = (_slot, _cell, good) => good) => ({
      name,
      facts: async () => facts,
      async cells(_id, slot, indices) {
        const cells = indices.map((i) => give(slot, i, encodeProvenCell({ cell: made[slot]!.cells[i]!, proof: made[slot]!.proofs[i]! })));
        if (cells.includes(undefined)) throw daError("DA_ROW_NOT_HELD", "withheld");
        return new Uint8Array(Buffer.concat(cells as Bytes[]));
      },
    }),
    request: (sources, own) => ({
      id,
      samples: 40,
      sources,
      chain: { chainId: 7, genesisHash: new Uint8Array(32), validatorSetOf: () => set },
      crypto,
      clock: createSimClock(),
      signal: new AbortController().signal,
      ...own,
    }),
  };
}
