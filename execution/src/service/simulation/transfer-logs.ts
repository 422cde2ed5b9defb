/** Value that moves, told as an ERC-20 of address 0xee...ee would (execution-apis), between the logs of the contracts. */
import { bigIntToBytes, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Log } from "../../engine/engine.ts";
import type { TraceEnter, Tracer, TraceStep } from "../../engine/trace.ts";

const TRANSFER = keccak256(utf8("Transfer(address,address,uint256)"));
const ETHER: Bytes = new Uint8Array(20).fill(0xee);
const [LOG0, LOG4] = [0xa0, 0xa4];

type Frame = { logs: Log[]; sent?: Log };

/** `logs`: of the frame at depth 0, once it has ended; none where it failed. */
export function createTransferLogs(): { tracer: Tracer; logs(): Log[] } {
  const frames: Frame[] = [{ logs: [] }];
  return {
    tracer: {
      enter(frame) {
        const sent = moves(frame) ? transferLog(frame) : undefined;
        frames.push({ logs: sent === undefined ? [] : [sent], sent });
      },
      exit({ error, created }) {
        const { logs, sent } = frames.pop() as Frame;
        if (error !== undefined) return;
        if (sent !== undefined && created !== undefined) sent.topics[2] = word(created);
        (frames.at(-1) as Frame).logs.push(...logs);
      },
      step(step) {
        const log = logOf(step);
        if (log !== undefined) (frames.at(-1) as Frame).logs.push(log);
      },
    },
    logs: () => (frames[0] as Frame).logs,
  };
}

const moves = ({ kind, value }: TraceEnter) => kind !== "DELEGATECALL" && value > 0n;

function transferLog({ from, to = new Uint8Array(20), value }: TraceEnter): Log {
  return { address: ETHER, topics: [TRANSFER, word(from), word(to)], data: bigIntToBytes(value, 32) };
}

function word(address: Bytes): Bytes {
  const bytes = new Uint8Array(32);
  bytes.set(address, 12);
  return bytes;
}

/** Before it is executed: its memory may not be there yet, and reads as zeros then. */
function logOf({ opcode, error, stack, memory, address }: TraceStep): Log | undefined {
  if (opcode < LOG0 || opcode > LOG4 || error !== undefined) return undefined;
  const [offset, length] = [stack.at(-1) ?? 0n, stack.at(-2) ?? 0n].map(Number) as [number, number];
  const data = new Uint8Array(length);
  data.set(memory.subarray(offset, offset + length));
  const topics = Array.from({ length: opcode - LOG0 }, (_, i) => bigIntToBytes(stack.at(-3 - i) as bigint, 32));
  return { address: address.slice(), topics, data };
}
