/** What every PrecompileSet must do. `call`: an input that the set's precompile at `index` answers in the given view, with enough gas. */
// biome-ignore lint/correctness/noUndeclaredDependencies: the suite runs in the vitest of whoever calls it
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../ports/bytes.ts";
import type { BlockView, PrecompileSet } from "../../ports/precompiles.ts";

type Subject = { set: PrecompileSet; view: BlockView; calls: readonly { index: number; input: Bytes; gas: number }[] };

export function precompileSetCompliance(name: string, create: () => Subject): void {
  const begun = () => {
    const { set, view, calls } = create();
    set.beginBlock(view);
    const run = ({ index, input, gas }: Subject["calls"][number], counters = set.beginTx()) => {
      const outcome = set.precompiles[index]?.run(input, gas, counters);
      if (!outcome?.ok) return expect.unreachable(`precompile ${index} does not answer`);
      return outcome;
    };
    return { set, calls, run };
  };

  describe(`PrecompileSet: ${name}`, () => {
    it("has addresses of 20 bytes, each once", () => {
      const addresses = begun().set.precompiles.map(({ address }) => address.join());
      expect(addresses.every((x) => x.split(",").length === 20)).toBe(true);
      expect(new Set(addresses).size).toBe(addresses.length);
    });

    it("answers alike in each transaction and in another set, whatever ran before", () => {
      const [a, b] = [begun(), begun()];
      const first = a.calls.map((call) => a.run(call));
      const shared = a.set.beginTx();
      for (const call of a.calls) a.run(call, shared);
      expect(a.calls.map((call) => a.run(call))).toEqual(first);
      expect(b.calls.toReversed().map((call) => b.run(call))).toEqual(first.toReversed());
    });

    it("takes no more than its gas, fails with less, and gives what nobody else holds", () => {
      const { set, calls, run } = begun();
      for (const call of calls) {
        const { gasUsed, output } = run(call);
        const kept = output.slice();
        expect(gasUsed).toBeLessThanOrEqual(call.gas);
        const less = set.precompiles[call.index]?.run(call.input, gasUsed - 1, set.beginTx());
        expect(less?.ok === false || (less?.gasUsed ?? 0) > gasUsed - 1).toBe(true);
        output.fill(0xee);
        expect(run({ ...call, gas: gasUsed }).output).toEqual(kept);
      }
    });

    it("counts in the counters that it is given, and in no others", () => {
      const { set, calls, run } = begun();
      const [used, fresh] = [set.beginTx(), set.beginTx()];
      for (const call of calls) run(call, used);
      expect(fresh).toEqual(set.beginTx());
    });
  });
}
