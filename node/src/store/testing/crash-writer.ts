/**
 * A child process that is killed with -9 in the middle of writing: argv = engine or "log", folder, first round. Each round writes one
 * batch of ROWS entries durably (every third LMDB or RocksDB write before it is not durable), then prints the round.
 */
import { writeSync } from "node:fs";
import { u64be } from "@noema/core/bytes";
import { openFileLog } from "../file-log.ts";
import { openStore, type StoreEngine } from "../open-store.ts";
import { CRASH_TABLES, crashValue, ROWS } from "./crash-rounds.ts";
import { testOwner } from "./log-owner.ts";

const [kind = "", folder = "", first = "0"] = process.argv.slice(2);
const acknowledge = (round: number) => writeSync(1, `${round}\n`);

if (kind === "log") {
  const log = openFileLog(folder, testOwner(), "crash", { segmentBytes: 20_000 });
  for (let round = Number(first); ; round++) {
    for (let row = 0; row < ROWS; row++) log.append(crashValue(round, row));
    await log.sync();
    acknowledge(round);
  }
}
const store = await openStore(kind as StoreEngine, folder, "crash", CRASH_TABLES);
for (let round = Number(first); ; round++) {
  const rows = Array.from({ length: ROWS }, (_, row) => ({
    table: `t${row % 3}`,
    key: u64be(round * ROWS + row),
    value: crashValue(round, row),
  }));
  if (round % 3 === 0) void store.write([{ table: "lazy", key: u64be(round), value: u64be(round) }], false);
  await store.write(rows, true);
  acknowledge(round);
}
