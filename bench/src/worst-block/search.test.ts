import { describe, expect, it } from "vitest";
import { selectAttacks, worstBlock } from "../scenarios/worst-block.ts";
import { attacks } from "./attacks.ts";
import { tableProgram } from "./cases/opcodes.ts";
import { OPCODES } from "./code.ts";
import { createRandom } from "./random.ts";
import { table, verdict } from "./report.ts";

const tiny = { seconds: 0, seed: 1, gas: 100_000, gasLimit: 30_000_000, runs: 1, keep: 1, state: 100, json: true };

describe("the search for the worst block", () => {
  it("runs an attack of each kind that it is asked for, in blocks of the real engine", async () => {
    const findings = await worstBlock(tiny, selectAttacks("transfers,log1,identity,sstore of a new slot,create2,authorizations"));
    expect(findings.map(({ group }) => group).sort()).toEqual(
      ["authorizations", "init code", "logs", "precompiles", "transactions", "written state"].sort(),
    );
    for (const { nsPerGas, gas } of findings) expect([nsPerGas > 0, gas > 0]).toEqual([true, true]);
  });

  it.each(["", "logs,nothing of the kind"])("says what --only may be, where it is %j", (only) => {
    expect(() => selectAttacks(only)).toThrow(expect.objectContaining({ code: "ARGUMENT_INVALID" }));
  });

  it("has names that are nobody else's, and an attack for every opcode of the fork", () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
    for (const name of OPCODES.keys()) tableProgram(name);
    expect(() => tableProgram("SLOTNUM")).toThrow("no attack for the opcode SLOTNUM");
  });

  it("chooses the same for the same seed", () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.below(1000));
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it("keeps interpreted opcodes apart from everything else", () => {
    const line = { point: { size: 1 }, range: [1, 9] as [number, number], runs: 1, gas: 1 };
    const findings = [
      { ...line, group: "opcodes" as const, name: "ADD", nsPerGas: 50 },
      { ...line, group: "logs" as const, name: "LOG0", nsPerGas: 20 },
    ];
    expect(verdict(findings, 30_000_000).split("\n")).toEqual([
      "everything else: LOG0 (logs), 20.0 ns a gas, 0.60 s of one core for a block of 30000000 gas; a second is 50000000 gas",
      "interpreted opcodes: ADD (opcodes), 50.0 ns a gas, 1.50 s of one core for a block of 30000000 gas; a second is 20000000 gas",
    ]);
    expect(table(findings, 30_000_000).split("\n")).toHaveLength(4);
  });
});
