/** What `noema trace` shows of a trace. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { plain } from "@noema/node/cli/style";
import { encodeErrorResult, encodeEventTopics, encodeFunctionData, erc20Abi, type Hex, parseAbi } from "viem";
import { expect, test } from "vitest";
import { askTrace, type TracedCall } from "./ask-trace.ts";
import { collapsedStacks } from "./collapsed-stacks.ts";
import { flameGraph } from "./flame-graph.ts";
import { inferenceLines } from "./inferences.ts";
import { readNames } from "./names.ts";
import { traceTree } from "./tree.ts";

const WHO = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const at = (last: string) => `0x${last.padStart(40, "0")}` as const;
const call = (more: Partial<TracedCall>): TracedCall => ({
  type: "CALL",
  from: at("1"),
  to: at("2"),
  gas: "0xffff",
  gasUsed: "0x64",
  input: "0x",
  ...more,
});
const transfer = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [WHO, 5n] });
const log = encodeFunctionData({ abi: parseAbi(["function log(string)"]), args: ["half\nway"] });
const topics = encodeEventTopics({ abi: erc20Abi, eventName: "Transfer", args: { from: at("1"), to: WHO } }) as [Hex];
const root = call({
  gasUsed: "0x3e8",
  value: "0xde0b6b3a7640000",
  input: transfer,
  calls: [
    call({ type: "STATICCALL", to: "0x000000000000000000636f6e736f6c652e6c6f67", gasUsed: "0x0", input: log }),
    call({
      input: "0x12345678aa",
      error: "execution reverted",
      output: encodeErrorResult({ abi: parseAbi(["error Error(string)"]), args: ["no"] }),
      revertReason: "no",
    }),
    call({ type: "CREATE", to: at("9"), gasUsed: "0xc8", input: "0x6000" }),
  ],
  logs: [{ address: at("2"), topics, data: `0x${"5".padStart(64, "0")}`, position: "0x1" }],
});
const names = readNames([]);

test("calls, logs and words in the order in which they happened", () => {
  expect(traceTree(root, names, plain)).toEqual([
    `[1,000] CALL ${at("2")} transfer(${WHO}, 5) {value: 1 ether}`,
    "├─ console.log: half way",
    `├─ emit Transfer(from: ${at("1")}, to: ${WHO}, value: 5)`,
    `├─ [100] CALL ${at("2")} 0x12345678 and 1 bytes`,
    "│  └─ execution reverted: no",
    `└─ [200] CREATE ${at("9")} 2 bytes of init code`,
  ]);
});

test("an error is named by the ABI that has it, and shown as it is without one", () => {
  const output = encodeErrorResult({ abi: parseAbi(["error TooHigh(uint256,uint256)"]), args: [2000n, 1000n] });
  const failed = call({ error: "execution reverted", output });
  const counter = new URL("../../../e2e/contracts/artifacts/Counter.json", import.meta.url).pathname;
  expect(readNames([counter]).failure(failed)).toBe("execution reverted: TooHigh(2000, 1000)");
  expect(names.failure(failed)).toBe(`execution reverted: ${output.slice(0, 10)} and 64 bytes`);
  expect(names.failure(call({ error: "out of gas" }))).toBe("out of gas");
});

test("gas stands with the frame that used it", () => {
  const stacks = collapsedStacks(root, names);
  expect(stacks.map(({ frames, gas }) => [frames.length, gas])).toEqual([
    [1, 700n],
    [2, 100n],
    [2, 200n],
  ]);
  expect(stacks[0]?.frames).toEqual([`CALL ${at("2").slice(0, 10)} transfer`]);
  const svg = flameGraph(stacks, "<gas>");
  expect(svg.match(/<rect/g)).toHaveLength(3);
  expect(svg).toContain("&lt;gas&gt;: 1,000");
});

test("inferences are lines of layers, the first of many", () => {
  const layer = { operator: "CONV2D", dtype: "int8", shape: [8, 8, 4], micros: 12.34, hash: `0x${"ab".repeat(32)}` };
  const inference = { model: "0x01", gasUsed: "0x3e8", engine: "wasm", micros: 1500, layers: Array(66).fill(layer) };
  const lines = inferenceLines(
    { models: { "0x01": "digits" }, inferences: [inference, { ...inference, model: "0x0234", layers: [layer] }] },
    plain,
  );
  expect(lines[0]).toBe("inference of digits: 66 layers, 1.50 ms on wasm, 1,000 gas");
  expect(lines[1]).toBe("├─  0 CONV2D    int8[8,8,4]          12.3 µs  0xabababababababab");
  expect(lines[65]).toBe("└─ and 2 more layers");
  expect(lines.slice(66)).toEqual(["inference of 0x0234…: 1 layers, 1.50 ms on wasm, 1,000 gas", `└─${lines[1]?.slice(2)}`]);
});

test("a file without an ABI is refused", () => {
  const file = new URL("../../package.json", import.meta.url).pathname;
  expect(() => readNames([file])).toThrow(expect.objectContaining({ code: "DEV_ABI_INVALID" }));
});

test("what the node refuses is told in its words", async () => {
  const answers = [{ error: { code: -32000, message: "not found in a block" } }, { result: root }];
  const server = createServer((_, response) => response.end(JSON.stringify(answers.shift())));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(askTrace(url, "0x12")).rejects.toMatchObject({ code: "DEV_TRACE_REFUSED", message: "not found in a block" });
  expect(await askTrace(url, "0x12")).toEqual(root);
  server.close();
});
