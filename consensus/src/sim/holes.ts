import { checkCert } from "./checker.ts";
import { everybody } from "./node.ts";
import type { World } from "./world.ts";

/** Scenario.holes: as if everybody had missed another nullification. */
export function digHoles(w: World): void {
  const n = w.scenario.weights.length;
  for (let view = 1; view <= n + 1; view++) {
    const vote = { kind: "nullify", epoch: 0, view } as const;
    const made = w.signatures.aggregate(vote, new Map(everybody(w).map((i) => [i, w.signatures.sign(i, vote)])));
    if (made instanceof Promise || made.certificate === undefined) throw new Error("a directed start needs keyed hashes");
    const cert = { ...vote, ...made.certificate };
    for (const node of w.nodes) {
      node.disk.log.push({ type: "Vote", vote });
      if (node.key + 1 !== view) node.disk.log.push({ type: "Cert", cert });
    }
    checkCert(w.checker, cert);
  }
}
