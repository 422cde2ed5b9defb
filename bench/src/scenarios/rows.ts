/** What encoding, rebuilding and checking of one object cost, as ratios to its own commitments in the same runs. */
import { loadKzg } from "@noema/da-layer/blob/load-kzg";
import { createProgress } from "@noema/node/cli/progress";
import { describeMachine } from "../machine.ts";
import { measureRows, type RowsOptions } from "../rows/measure.ts";
import { rowsReport } from "../rows/report.ts";

export async function rows(library: "eth-kzg" | "c-kzg", options: RowsOptions): Promise<void> {
  process.stdout.write(`${describeMachine()}, ${library}\n`);
  const progress = createProgress();
  let over = 0;
  const measuring = loadKzg(library).then((kzg) =>
    measureRows(kzg, options, (run) => {
      over = run;
    }),
  );
  const measured = await progress.during((s) => `run ${over} of ${options.runs} ... ${s} s`, measuring);
  progress.say(rowsReport(measured, options));
}
