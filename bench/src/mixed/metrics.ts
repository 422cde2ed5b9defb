/** What a validator says of its inferences. */
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { benchError } from "../load/errors.ts";

export type InferenceMetrics = { ahead: number; inline: number; serves: number | undefined };

/** By a connection of its own: one that idled may be cut under a question. */
export async function inferenceMetrics(url: string): Promise<InferenceMetrics> {
  const said = await new Promise<string>((resolve, reject) => {
    get(url, { agent: false }, (response) => text(response).then(resolve, reject)).on("error", reject);
  });
  const value = (name: string) => {
    const found = new RegExp(`^noema_inference_${name} (\\d+)`, "m").exec(said)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [ahead, inline] = [value('results_total{where="ahead"}'), value('results_total{where="inline"}')];
  if (ahead === undefined || inline === undefined) throw benchError("BENCH_RUN_FAILED", `${url} says nothing of inference results`);
  return { ahead, inline, serves: value("backend_serves") };
}
