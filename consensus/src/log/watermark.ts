/**
 * What of a vote log goes along when its key moves: the highest round in which a vote of it may stand. Where that is known, the new log
 * bars all rounds up to it by the rule of a lost log (consensus.md 2.8.5): nothing below can be contradicted, whoever signed it.
 */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { LogRecord } from "../engine/events.ts";
import { consensusError } from "../errors.ts";
import type { Round } from "../types.ts";
import { encodeRecord } from "./records.ts";
import type { VoteLog } from "./vote-log.ts";

const isAbove = (a: Round, b: Round | undefined) => b === undefined || a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view);
const highest = (rounds: readonly Round[]) => rounds.reduce<Round | undefined>((top, x) => (isAbove(x, top) ? x : top), undefined);

/** The newest bar is the one that holds (engine/restore.ts). */
const barOf = ({ records }: VoteLog) => records.findLast((x) => x.type === "Resume");

/** What is final stands for votes below it, which the log lets go of. */
function roundsOf(record: LogRecord): Round[] {
  if (record.type === "Vote") return [{ epoch: record.vote.epoch, view: record.vote.view }];
  if (record.type !== "Cert" || record.cert.kind !== "finalize") return [];
  return [{ epoch: record.cert.epoch, view: record.cert.view }];
}

/** undefined: it has not voted yet. Throws CONSENSUS_LOG_LOST where the log does not know what its validator signed. */
export function watermarkOf(log: AppendLog, found: VoteLog): Round | undefined {
  requireWhole(log, found);
  const votes = found.records.flatMap(roundsOf);
  const bar = barOf(found);
  return highest(bar === undefined ? votes : [...votes, { epoch: bar.epoch, view: bar.view }]);
}

/** No round up to `round` is voted in any more, once this resolves. Votes that the log holds stay. Throws CONSENSUS_LOG_LOST. */
export async function barUpTo(log: AppendLog, found: VoteLog, { epoch, view }: Round): Promise<void> {
  requireWhole(log, found); // a Resume would end the wait for what was lost here
  if (!isAbove({ epoch, view }, barOf(found))) return;
  log.append(encodeRecord({ type: "Resume", epoch, view }));
  await log.sync();
}

function requireWhole({ loss }: AppendLog, { lost, records }: VoteLog): void {
  const last = records.findLast((x) => x.type === "Lost" || x.type === "Resume");
  if (loss === undefined && !lost && last?.type !== "Lost") return;
  throw consensusError("CONSENSUS_LOG_LOST", `the vote log is not whole: ${loss ?? "what was lost is not known yet"}`);
}
