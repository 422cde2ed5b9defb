/** Where our traces differ from anvil's, and why. What is geth's here is what its tracers say at eth/tracers/native and eth/tracers/logger. */
import type { Difference } from "./compare.ts";

type Known = { question: RegExp; path: RegExp; reason: string; when?(difference: Difference): boolean };

/** anvil's proposer. */
const NOBODY = `0x${"0".repeat(40)}`;
const onlyBalance = (account: unknown) => Object.keys(account as object).join() === "balance";
/** Slots that were looked at make no account. */
const isNothing = ({ balance, storage: _, ...more }: Record<string, unknown>) => balance === "0x0" && Object.keys(more).length === 0;
const isText = (value: unknown) => typeof value === "string";

const KNOWN: readonly Known[] = [
  {
    question: /^callTracer|^trace_transaction/,
    path: /\.error$/,
    reason: "why a frame failed in geth's and Parity's words; anvil has revm's, and looks at gas before it looks whether state may change",
    when: ({ theirs, ours }) => isText(theirs) && isText(ours),
  },
  {
    question: /^callTracer/,
    path: /^\.gas$/,
    reason: "the message's gas is the transaction's limit, as geth has it; anvil takes what it pays before the first opcode off",
  },
  {
    question: /^callTracer with logs/,
    path: /\.logs$/,
    reason: "logs of a frame that failed are as if they had never been, as geth has it",
    when: ({ ours }) => ours === undefined,
  },
  {
    question: /^callTracer with logs/,
    path: /\.logs\[\]\.index$/,
    reason: "a log's index is the block's, as geth has it: logs that were taken back do not count",
  },
  {
    question: /^callTracer, top only/,
    path: /^\.calls$/,
    reason: "the top alone: anvil shows self-destructs, too",
    when: ({ ours }) => ours === undefined,
  },
  {
    question: /^structLogs/,
    path: /\.(refund|returnData|memory)$/,
    reason: "what is nothing is not told, as geth has it",
    when: ({ theirs, ours }) => ours === undefined && (theirs === 0 || theirs === "0x" || (theirs as unknown[]).length === 0),
  },
  {
    question: /^structLogs/,
    path: /\.op$/,
    reason: "an opcode that there is not, in geth's words",
    when: ({ theirs }) => theirs === "Unknown",
  },
  {
    question: /^structLogs/,
    path: /\.error$/,
    reason: "why an opcode was not begun, in geth's words; of one that failed while it ran geth says nothing here",
    when: ({ theirs }) => isText(theirs),
  },
  {
    question: /^structLogs/,
    path: /\.storage\.SLOT$/,
    reason: "slots so far are those that were to be written, as geth has it, also where the write failed",
    when: ({ theirs }) => theirs === undefined,
  },
  {
    question: /^structLogs/,
    path: /\.gasCost$/,
    reason: "of an opcode that failed geth tells its price, anvil what was taken",
    when: ({ of: [theirs] }) => theirs.error !== undefined,
  },
  {
    question: /^structLogs/,
    path: /\.gasCost$/,
    reason: "of a creation geth tells its own price, anvil also what the code that it ran took",
    when: ({ of: [, ours] }) => /^CREATE/.test(String(ours.op)),
  },
  {
    question: /^prestateTracer/,
    path: /\.ADDRESS$/,
    reason: "another proposer",
    when: ({ name, theirs, ours }) => (ours === undefined ? name === NOBODY : theirs === undefined && onlyBalance(ours)),
  },
  {
    question: /^prestateTracer/,
    path: /\.ADDRESS$/,
    reason: "an account that was not there is left out, as geth has it",
    when: ({ theirs, ours }) => ours === undefined && isNothing(theirs as Record<string, unknown>),
  },
  { question: /^prestateTracer/, path: /\.codeHash$/, reason: "the hash of code, which geth tells since 1.16" },
  { question: /^4byteTracer/, path: /-60$|-124$/, reason: "calls of precompiles have no selector, as geth has it" },
  { question: /^trace_transaction/, path: /\.blockHash$/, reason: "another chain" },
  {
    question: /^trace_transaction/,
    path: /\.result\.address$/,
    reason: "a creation that reverted made no contract, so it has no address",
    when: ({ ours }) => ours === undefined,
  },
  {
    question: /^ots_traceTransaction/,
    path: /\.value$/,
    reason: "DELEGATECALL and STATICCALL move nothing: null, as Otterscan's API has it",
    when: ({ ours }) => ours === null,
  },
];

/** undefined: nobody has explained it. */
export function reasonOf(question: string, difference: Difference): string | undefined {
  return KNOWN.find((x) => x.question.test(question) && x.path.test(difference.path) && (x.when?.(difference) ?? true))?.reason;
}
