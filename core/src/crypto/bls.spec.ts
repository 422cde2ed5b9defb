/** ethereum/consensus-spec-tests, general/phase0/bls; not aggregate_verify: nothing here signs many messages at once. */
import { describe, expect, it } from "vitest";
import { fromHex, to0x } from "../bytes.ts";
import { outsideVectors } from "../testing/conformance.ts";
import { aggregateSignatures, sign, verify, verifyAggregate } from "./bls.ts";

/** Before proofs of possession the set counted the point at infinity as a key; every current scheme refuses it. */
const STALE = "infinity_pubkey";
/** Cases of the committed sample that are not stale. */
const SAMPLE = { sign: 4, verify: 14, fast_aggregate_verify: 4, aggregate: 2 };
type Case = { input: Record<string, string>; output: string; lists: Record<string, string[]> };

describe.each(outsideVectors("bls-eth2"))("bls-eth2 vectors, $source", ({ source, paths, read }) => {
  const runners: Record<keyof typeof SAMPLE, (c: Case) => unknown> = {
    sign: ({ input }) => to0x(sign(fromHex(field(input, "privkey"), 32), fromHex(field(input, "message")))),
    verify: ({ input }) => verify(fromHex(field(input, "pubkey")), fromHex(field(input, "message")), fromHex(field(input, "signature"))),
    fast_aggregate_verify: ({ input, lists }) =>
      verifyAggregate(
        (lists.pubkeys ?? []).map((x) => fromHex(x)),
        fromHex(field(input, "message")),
        fromHex(field(input, "signature")),
      ),
    aggregate: ({ lists }) => to0x(aggregateSignatures((lists.input ?? []).map((x) => fromHex(x)))),
  };

  for (const [name, run] of Object.entries(runners))
    it(name, () => {
      let cases = 0;
      let stale = 0;
      for (const path of paths.filter((x) => x.startsWith(`${name}/`) && x.endsWith("data.yaml"))) {
        const vector = parse(read(path));
        if (path.includes(STALE)) stale++;
        else {
          expect(String(run(vector)), path).toBe(vector.output);
          cases++;
        }
      }
      console.log(`bls-eth2 ${name}, ${source}: ${cases} cases, ${stale} stale`);
      if (source === "sample") expect(cases).toBe(SAMPLE[name as keyof typeof SAMPLE]);
      else expect(cases).toBeGreaterThan(0);
    });
});

function field(input: Case["input"], name: string): string {
  const value = input[name];
  if (value === undefined) throw new Error(`no ${name}`);
  return value;
}

/** The vectors use a small part of YAML: hex scalars by name, and lists of them by name. */
function parse(yaml: string): Case {
  const [head, output] = yaml.split(/^output:/m) as [string, string];
  const lists: Record<string, string[]> = {};
  for (const [, name, items] of head.matchAll(/(\w+): \[([^\]]*)\]/g))
    lists[name as string] = [...(items as string).matchAll(/0x[0-9a-f]*/g)].map(String);
  const input = Object.fromEntries([...head.matchAll(/(\w+): '(0x[0-9a-f]*)'/g)].map(([, name, value]) => [name, value]));
  return { input, lists, output: output.trim().replaceAll("'", "") };
}
