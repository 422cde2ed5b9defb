/** What a bundler checks of a user operation's code (ERC-7562; geth, eth/tracers/native/erc7562.go). */
import { bytesToBigInt, to0x } from "@noema/core/bytes";
import * as v from "valibot";
import type { TraceStart, TraceStep } from "../engine/trace.ts";
import { EMPTY_ACCOUNT } from "../state/account.ts";
import { type CallFrame, createCallFrames } from "./call-frames.ts";
import { renderFrame } from "./call-tracer.ts";
import { flag, readConfig } from "./config.ts";
import { addressOf, data, quantity, word } from "./json.ts";
import { isCall, isExtCode, OP } from "./opcodes.ts";
import { memoryAt, operand, slotKey } from "./step-reads.ts";
import type { Tracing } from "./tracer.ts";

/** Of which nothing is told: PUSHes, DUPs and SWAPs, POP, ADD, SUB, MUL, DIV, EQ, LT, GT, SLT, SGT, SHL, SHR, AND, OR, NOT, ISZERO. */
const COMMON = new Set([0x50, 0x01, 0x03, 0x02, 0x04, 0x14, 0x10, 0x11, 0x12, 0x13, 0x1b, 0x1c, 0x16, 0x17, 0x19, 0x15]);
const isCommon = (opcode: number) => (opcode >= 0x5f && opcode <= 0x9f) || COMMON.has(opcode);
const ENTRY_CHARACTERS = 150;

const opcodes = v.array(v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{1,2}$/)));
const config = v.object({ withLog: flag, ignoredOpcodes: v.optional(v.nullish(opcodes)) });

/** Of one frame. */
type Watched = {
  reads: Record<string, string[]>;
  writes: Record<string, number>;
  transientReads: Record<string, number>;
  transientWrites: Record<string, number>;
  extCode: string[];
  used: Record<string, number>;
  sizes: Record<string, { contractSize: number; opcode: number }>;
};
const nothing = (): Watched => ({
  reads: {},
  writes: {},
  transientReads: {},
  transientWrites: {},
  extCode: [],
  used: {},
  sizes: {},
});

export const erc7562Tracer: Tracing = (given) => {
  const { withLog, ignoredOpcodes } = readConfig(config, given);
  const ignored = ignoredOpcodes && new Set(ignoredOpcodes.map(Number));
  const isIgnored = (opcode: number) => ignored?.has(opcode) ?? isCommon(opcode);
  return (start, { budget }) => {
    const frames = createCallFrames(start, { logs: withLog, budget });
    const watched = new Map<CallFrame, Watched>();
    const preimages = new Set<string>();
    let last: { opcode: number; top: bigint } | undefined;
    let gasUsed = 0n;

    function step(now: TraceStep): void {
      frames.step?.(now);
      const frame = frames.current();
      if (frame === undefined) return;
      const own = watched.get(frame) ?? nothing();
      watched.set(frame, own);
      budget.spend(watch(own, now, last, start, isIgnored));
      if (now.opcode === OP.KECCAK256 && now.error === undefined) {
        const preimage = data(memoryAt(now, operand(now, 0), operand(now, 1)));
        if (!preimages.has(preimage)) budget.spend(preimage.length + 3);
        preimages.add(preimage);
      }
      last = { opcode: now.opcode, top: operand(now, 0) };
    }

    const render = (frame: CallFrame): Record<string, unknown> => ({
      ...renderFrame({ ...frame, calls: [] }),
      ...renderWatched(watched.get(frame) ?? nothing()),
      outOfGas: /out of gas$/.test(frame.error ?? "") && frame !== frames.root(),
      ...(frame.calls.length === 0 ? {} : { calls: frame.calls.map(render) }),
    });
    return {
      ...frames,
      step,
      end(used) {
        gasUsed = used;
      },
      result() {
        const top = { ...render(frames.root()), gas: quantity(start.gas), gasUsed: quantity(gasUsed) };
        return JSON.stringify({ ...top, ...(preimages.size === 0 ? {} : { keccak: [...preimages].sort() }) });
      },
    };
  };
};

/** Returns about how many characters it adds. */
function watch(
  own: Watched,
  now: TraceStep,
  before: { opcode: number; top: bigint } | undefined,
  { state }: TraceStart,
  isIgnored: (opcode: number) => boolean,
): number {
  const { opcode, address } = now;
  const last = opcode === OP.REVERT || opcode === OP.RETURN ? undefined : before;
  let added = 0;
  if (last !== undefined && isExtCode(last.opcode) && !(last.opcode === OP.EXTCODESIZE && opcode === OP.ISZERO)) {
    own.extCode.push(to0x(addressOf(last.top)));
    added += ENTRY_CHARACTERS;
  }
  if (isExtCode(opcode) || isCall(opcode)) {
    const target = addressOf(operand(now, isExtCode(opcode) ? 0 : 1));
    const { codeHash } = state.account(target) ?? EMPTY_ACCOUNT;
    own.sizes[to0x(target)] ??= { contractSize: state.code(codeHash).length, opcode };
    added += ENTRY_CHARACTERS;
  }
  if (last?.opcode === OP.GAS && !isCall(opcode)) count(own.used, quantity(OP.GAS));
  if (opcode !== OP.GAS && !isIgnored(opcode)) count(own.used, quantity(opcode));
  const slot = word(operand(now, 0));
  if (opcode === OP.SLOAD && !(slot in own.reads) && !(slot in own.writes)) {
    own.reads[slot] = [word(bytesToBigInt(state.slot(address, slotKey(operand(now, 0)))))];
    added += ENTRY_CHARACTERS;
  }
  if (opcode === OP.SSTORE) added += count(own.writes, slot);
  if (opcode === OP.TLOAD) added += count(own.transientReads, slot);
  if (opcode === OP.TSTORE) added += count(own.transientWrites, slot);
  return added;
}

function count(counts: Record<string, number>, key: string): number {
  const before = counts[key];
  counts[key] = (before ?? 0) + 1;
  return before === undefined ? ENTRY_CHARACTERS : 0;
}

function renderWatched({ reads, writes, transientReads, transientWrites, extCode, used, sizes }: Watched): Record<string, unknown> {
  return {
    accessedSlots: { reads, writes, transientReads, transientWrites },
    extCodeAccessInfo: extCode,
    usedOpcodes: used,
    contractSize: sizes,
  };
}
