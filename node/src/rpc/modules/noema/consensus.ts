import { to0x } from "@noema/core/bytes";
import type { Height } from "@noema/core/ports/bytes";
import { smallestQuorum } from "@noema/core/quorum";
import type { FinalityRecord, RpcDeps } from "../../deps.ts";
import { type BlockId, createBlockResolver, numberOrTag } from "../../ethereum/block-id.ts";
import { AT_BLOCK } from "../../ethereum/error-sets.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { optional } from "../../json-rpc/parsers.ts";
import { ADDRESS, DATA, INTEGER, list, members, nullable, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import { FINALITY, renderFinality } from "./render-finality.ts";

const STATUS = members({
  epoch: QUANTITY,
  view: QUANTITY,
  leader: INTEGER,
  self: nullable(INTEGER),
  state: TEXT,
  cause: nullable(TEXT),
  heardFrom: list(INTEGER),
  validators: INTEGER,
  quorum: INTEGER,
  summary: TEXT,
  consensusHeight: QUANTITY,
  latest: QUANTITY,
  safe: QUANTITY,
  finalized: QUANTITY,
});
const VALIDATOR = members({ index: INTEGER, publicKey: DATA, weight: QUANTITY, feeAddress: ADDRESS, rpcUrl: nullable(TEXT) });

const FINALIZED: BlockId = { tag: "finalized" };

function consensusStatus(deps: RpcDeps): Record<string, unknown> {
  const status = deps.chain.status();
  const set = deps.chain.validators();
  const heard = status.heardFrom.length;
  const needed = smallestQuorum(set);
  const { latest, safe, finalized } = deps.chain.tags();
  return {
    epoch: quantityHex(status.epoch),
    view: quantityHex(status.view),
    leader: status.leader,
    self: status.self ?? null,
    state: status.state,
    cause: status.cause ?? null,
    heardFrom: status.heardFrom,
    validators: set.members.length,
    quorum: needed,
    summary: `${heard} of ${set.members.length} validators, quorum needs ${needed}`,
    consensusHeight: quantityHex(status.finalizedHeight),
    latest: quantityHex(latest.number),
    safe: quantityHex(safe.number),
    finalized: quantityHex(finalized.number),
  };
}

function validatorList(deps: RpcDeps): unknown[] {
  return deps.chain.validators().members.map((m, index) => ({
    index,
    publicKey: to0x(m.publicKey),
    weight: quantityHex(m.weight),
    feeAddress: to0x(m.feeAddress),
    rpcUrl: deps.chain.rpcUrl(index) ?? null,
  }));
}

export function consensusMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const blocks = createBlockResolver(deps);
  const block = ["block", optional(numberOrTag, FINALIZED, "finalized")] as const;

  /** Not open while execution is doubted: the own block's hash and root stand beside what is certified. */
  const lookUp = (summary: string, find: (height: Height) => Promise<FinalityRecord | undefined>) =>
    method({
      summary,
      params: [block],
      result: nullable(FINALITY),
      errors: AT_BLOCK,
      async run(id) {
        const own = await deps.execution.block(await blocks.require(id));
        if (own === undefined) return null;
        const record = await find(own.height);
        if (record === undefined) return null;
        return {
          number: quantityHex(own.number),
          height: quantityHex(own.height),
          blockHash: to0x(own.hash),
          stateRoot: to0x(own.stateRoot),
          ...renderFinality(record, deps.genesisHash),
        };
      },
    });

  return {
    noema_consensusStatus: method({
      summary: "how far consensus is, and whom it hears",
      params: [],
      result: STATUS,
      open: true,
      run: () => consensusStatus(deps),
    }),
    noema_validators: method({
      summary: "the validators with key and weight",
      params: [],
      result: list(VALIDATOR),
      open: true,
      run: () => validatorList(deps),
    }),
    noema_finality: lookUp(
      "the first certified header that carries the result of the block or of a later one; null until there is one",
      (height) => deps.chain.finality(height),
    ),
    noema_getCertificate: lookUp(
      "the first certified header at or above the block's height, which makes the block itself final; null until there is one",
      (height) => deps.chain.certificate(height),
    ),
  };
}
