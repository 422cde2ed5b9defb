/** What Parity's traces are, as far as all kinds share it: a frame tells a call, a creation or a self-destruction. */
import { type JsonSchema, list, members, noted, nullable } from "../../json-rpc/schema.ts";

const OBJECT: JsonSchema = { type: "object" };

export const FRAME: JsonSchema = {
  title: "Frame",
  description: "one call, creation or self-destruction, and where in the transaction it was made",
  ...members(
    {
      action: OBJECT,
      subtraces: { type: "integer", minimum: 0 },
      traceAddress: list({ type: "integer", minimum: 0 }),
      type: { type: "string", enum: ["call", "create", "suicide"] },
    },
    {
      result: nullable(OBJECT),
      error: { type: "string" },
      blockHash: { type: "string" },
      blockNumber: { type: "integer" },
      transactionHash: { type: "string" },
      transactionPosition: { type: "integer" },
    },
  ),
};

const REPLAYED = members({
  output: { type: "string" },
  trace: nullable(list(FRAME)),
  stateDiff: nullable(OBJECT),
  vmTrace: { type: "null" },
});
export const REPLAY: JsonSchema = { title: "Replay", description: "what was asked for of a transaction that is run again", ...REPLAYED };
export const NAMED_REPLAY = noted(REPLAY, "with `transactionHash`");
