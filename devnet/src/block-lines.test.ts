import { fromHex } from "@noema/core/bytes";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { plain, type Style } from "@noema/node/cli/style";
import { encodeErrorResult, parseAbi } from "viem";
import { describe, expect, test } from "vitest";
import { createBlockLines, transactionLine } from "./block-lines.ts";
import { type BlockMessage, failureWords, type ShownTransaction } from "./block-message.ts";

const hash = `0x${"ab".repeat(32)}`;
const from = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const to = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const tagged: Style = (format, text) => `<${format}>${text}</>`;

describe("the line of a transaction", () => {
  const line = (tx: Partial<ShownTransaction>, columns?: number) =>
    transactionLine(7, { hash, from, to, gasUsed: "1021000", ...tx }, tagged, columns);

  test("number, sender, receiver, gas, hash", () => {
    expect(line({})).toBe(`block 7  0xf39F…2266 -> 0x7099…79C8  1,021,000 gas  <dim>${hash}</>`);
  });
  test("a created contract's whole address", () => {
    expect(line({ to: undefined, created: "0x5fbdb2315678afecb367f032d93f642f64180aa3" })).toContain(
      "-> new 0x5FbDB2315678afecb367f032d93F642f64180aa3  ",
    );
  });
  test("one that failed is red, with its reason and hash", () => {
    expect(line({ failure: "reverted: no" })).toBe(`<red>block 7  0xf39F…2266 -> 0x7099…79C8  1,021,000 gas  reverted: no  ${hash}</>`);
  });
  test("what its contracts said, below it", () => {
    expect(line({ console: ["hello", "5"] })).toBe(
      `block 7  0xf39F…2266 -> 0x7099…79C8  1,021,000 gas  <dim>${hash}</>\n  console.log: hello\n  console.log: 5`,
    );
  });
  test("no contract where the creation failed", () => {
    expect(line({ to: undefined, created: to, failure: "out of gas" })).toContain("-> new contract  1,021,000 gas  out of gas  ");
  });
  test("nothing is torn at 80 columns", () => {
    const widths = (tx: Partial<ShownTransaction>, columns: number) =>
      transactionLine(7, { hash, from, to, gasUsed: "1021000", ...tx }, plain, columns)
        .split("\n")
        .map((x) => x.length);
    expect(widths({}, 80)).toEqual([50, 68]);
    expect(widths({ to: undefined, created: to }, 80)).toEqual([70, 15, 68]);
    expect(widths({}, 118)).toEqual([118]);
  });
});

test("what is known of a failure comes below it, of nothing else", async () => {
  const said: string[] = [];
  const asked: string[] = [];
  const explain = async (tx: string) => {
    asked.push(tx);
    return ["  Error: no", "      at Vault.take (Vault.sol:1:1)"];
  };
  const onBlock = createBlockLines({ say: (x) => said.push(x), style: plain, clock: createSimClock(), explain });
  const good = { hash: `0x${"cd".repeat(32)}`, from, to, gasUsed: "21000" };
  onBlock({ height: 1, number: 1, txs: 2, failed: 1, gasUsed: "42000", shown: [good, { ...good, hash, failure: "reverted" }] });
  await new Promise(setImmediate);
  expect(asked).toEqual([hash]);
  expect(said.slice(2)).toEqual([`${hash}:\n  Error: no\n      at Vault.take (Vault.sol:1:1)`]);
});

describe("why a transaction failed", () => {
  const abi = parseAbi(["error Error(string)", "error Panic(uint256)", "error NotOwner(address who, uint256 n)", "error Paused()"]);
  const reverted = (errorName: string, ...args: unknown[]) =>
    failureWords({ error: "revert", output: fromHex(encodeErrorResult({ abi, errorName, args } as never)) });

  test.each([
    ["Error(string)", () => reverted("Error", "not the owner"), "reverted: not the owner"],
    ["Panic", () => reverted("Panic", 0x11n), "reverted: arithmetic underflow or overflow"],
    ["a custom error", () => reverted("Paused"), "reverted with custom error 0x9e87fac8"],
    [
      "a custom error with arguments",
      () => reverted("NotOwner", from, 1n),
      `reverted with custom error 0x6f7f64bf and 64 bytes 0x000000000000000000000000${from.slice(2)}…`,
    ],
    ["nothing", () => failureWords({ error: "revert", output: new Uint8Array() }), "reverted without a reason"],
    ["less than a selector", () => failureWords({ error: "revert", output: Uint8Array.of(1, 2) }), "reverted with 0x0102"],
    ["no revert", () => failureWords({ error: "out of gas", output: new Uint8Array() }), "out of gas"],
    ["no revert, with a place", () => failureWords({ error: "invalid JUMP at 0x12/5", output: new Uint8Array() }), "invalid JUMP"],
  ])("%s", (_, words, expected) => expect(words()).toBe(expected));

  test("a contract's text cannot steer the terminal, nor fill it", () => {
    expect(reverted("Error", "a\x1b[2Jb\nc\u009bd\u2028e\u202ef")).toBe("reverted: a [2Jb c d e f");
    expect(reverted("Error", "x".repeat(800)).length).toBe("reverted: …".length + 160);
  });
});

describe("lines of blocks", () => {
  const tx = (failure?: string): ShownTransaction => ({ hash, from, to, gasUsed: "21000", ...(failure ? { failure } : {}) });
  const block = (number: number, txs: number, shown = Array.from({ length: txs }, () => tx()), height = number): BlockMessage => ({
    height,
    number,
    txs,
    failed: shown.filter((x) => x.failure).length,
    gasUsed: String(21000 * txs),
    shown,
  });
  const started = () => {
    const clock = createSimClock();
    const lines: string[] = [];
    return { clock, lines, show: createBlockLines({ say: (line) => lines.push(line), style: plain, clock }) };
  };

  test("a number is shown once, whoever tells of it", () => {
    const { lines, show } = started();
    for (const number of [1, 1, 2, 1, 2, 3]) show(block(number, 1));
    expect(lines.map((x) => x.slice(0, 7))).toEqual(["block 1", "block 2", "block 3"]);
  });
  test("after a way back lower numbers are shown again", () => {
    const { lines, show } = started();
    for (const [number, height] of [[8, 8], [9, 9], [8, 11], [8, 11], [9, 12]] as const) show(block(number, 1, [tx()], height)); // biome-ignore format: one line
    expect(lines.map((x) => x.slice(0, 7))).toEqual(["block 8", "block 9", "block 8", "block 9"]);
  });
  test("a full block is one line, with its first failures below", () => {
    const { clock, lines, show } = started();
    show(block(4, 300, [tx("out of gas")]));
    clock.advance(1000);
    expect(lines).toEqual(["block 4: 300 transactions, 1 failed, 6,300,000 gas", expect.stringContaining("  out of gas  0xab")]);
  });
  test("under load the console says a bounded number of lines a second and loses no count", () => {
    const { clock, lines, show } = started();
    for (let number = 1; number <= 600; number++) {
      show(block(number, 1, [tx(number % 2 ? "out of gas" : undefined)]));
      clock.advance(5);
    }
    clock.advance(2000);
    expect(lines.length).toBeLessThan(40);
    const summed = lines.flatMap((x) => /: (\d+) transactions, \d+ failed/.exec(x)?.[1] ?? []).map(Number);
    const single = lines.filter((x) => /^block \d+ {2}/.test(x)).length - 3 * summed.length;
    expect(summed.reduce((a, b) => a + b, 0) + single).toBe(600);
  });
  test("after the load each transaction has its line again", () => {
    const { clock, lines, show } = started();
    show(block(1, 300, []));
    clock.advance(1000);
    show(block(2, 1));
    expect(lines.at(-1)).toMatch(/^block 2 {2}0xf39F/);
  });
});
