/** Logs: kept, put into filters, hashed into the receipts' root and stored. */
import { type Attack, at, program } from "../attack.ts";
import { assemble, type Part } from "../code.ts";

export const logAttacks: readonly Attack[] = [0, 1, 2, 3, 4].map((topics) =>
  program({
    name: `LOG${topics}`,
    group: "logs",
    axes: { size: [0, 1, 32, 1024, 32_768, 1_000_000] },
    keep: [1, 0],
    fragment: (point) => ({
      // The counter is the topics: the filter's bits differ each time.
      body: assemble(
        ...Array<Part>(topics)
          .fill("DUP1")
          .map((_, i) => `DUP${i + 1}`),
        at(point, "size"),
        0,
        `LOG${topics}`,
        1,
        "ADD",
      ),
    }),
  }),
);
