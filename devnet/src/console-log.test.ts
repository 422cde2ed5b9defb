import { fromHex } from "@noema/core/bytes";
import { encodeFunctionData, parseAbi } from "viem";
import { expect, test } from "vitest";
import { consoleWords } from "./console-log.ts";

const abi = parseAbi([
  "function log(string)",
  "function log(uint256)",
  "function log(string,uint256)",
  "function log(string,address,bool)",
  "function log(uint256,string,uint256,address)",
  "function logBytes4(bytes4)",
  "function log()",
]);
const WHO = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const words = (...args: unknown[]) => {
  const [functionName, ...rest] = args;
  return consoleWords(fromHex(encodeFunctionData({ abi, functionName, args: rest } as never)));
};

test("values in a row, or in the places that the first one names", () => {
  expect(words("log", "hello")).toBe("hello");
  expect(words("log", 2n ** 255n)).toBe(String(2n ** 255n));
  expect(words("log", "balance", 5n)).toBe("balance 5");
  expect(words("log", "balance: %d wei", 10n ** 30n)).toBe(`balance: ${10n ** 30n} wei`);
  expect(words("log", "%s is %s", WHO, true)).toBe(`${WHO} is true`);
  expect(words("log", 1n, "b", 2n, WHO)).toBe(`1 b 2 ${WHO}`);
  const signed = encodeFunctionData({ abi: parseAbi(["function log(string,int256)"]), args: ["change", -7n] });
  expect(consoleWords(fromHex(signed))).toBe("change -7");
  expect(words("logBytes4", "0x12345678")).toBe("0x12345678");
  expect(words("log")).toBe("");
});

test("Hardhat's old spelling of uint", () => {
  expect(consoleWords(fromHex(`0xf5b1bba9${"2a".padStart(64, "0")}`))).toBe("42");
});

test("what is no console's call says nothing", () => {
  expect(consoleWords(fromHex("0x12345678"))).toBeUndefined();
  expect(consoleWords(fromHex("0x41304fac"))).toBeUndefined(); // log(string), cut off
  expect(consoleWords(new Uint8Array(0))).toBeUndefined();
});
