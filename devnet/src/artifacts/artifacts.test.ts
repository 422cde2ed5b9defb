/** What is read of a compiled project, and what its code is known by. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { CompiledContract } from "./compiled.ts";
import { enclosing } from "./enclosing.ts";
import { matchCode } from "./match-code.ts";
import { readArtifacts } from "./read-folder.ts";
import { readSourceMap } from "./source-map.ts";

const root = mkdtempSync(join(tmpdir(), "noema-artifacts-"));
afterAll(() => rmSync(root, { recursive: true }));
const INFO = new URL("testing/build-info.json", import.meta.url).pathname;

const [caller, vault] = hardhat("whole") as [CompiledContract, CompiledContract];

function hardhat(name: string): CompiledContract[] {
  const folder = join(root, name, "artifacts", "build-info");
  mkdirSync(folder, { recursive: true });
  copyFileSync(INFO, join(folder, "1.json"));
  return readArtifacts(join(root, name));
}

test("a project of Hardhat, by its own folder or by that of its artifacts", () => {
  expect([caller.name, vault.name]).toEqual(["Caller", "Vault"]);
  expect(vault.sources.get(0)?.path).toBe("contracts/Vault.sol");
  expect(readArtifacts(join(root, "whole", "artifacts")).map(({ name }) => name)).toEqual(["Caller", "Vault"]);
});

test("a folder without any, with other JSON, or with what is no JSON, is refused by name", () => {
  const folder = join(root, "none");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.json"), "{");
  writeFileSync(join(folder, "b.json"), '{"abi":[]}');
  for (const path of [folder, join(root, "missing")])
    expect(() => readArtifacts(path)).toThrow(expect.objectContaining({ code: "DEV_ARTIFACTS_INVALID" }));
});

test("code is known whatever its immutables and its metadata are, and by nothing less", () => {
  const { deployed, creation } = vault;
  const [gap] = deployed!.gaps;
  const set = (hex: string, at: number, to: string) => hex.slice(0, 2 * at) + to + hex.slice(2 * at + to.length);
  const onChain = set(deployed!.hex, gap!.start, "00".repeat(31) + "03");
  const metadata = deployed!.hex.length / 2 - 20;
  const known = (kind: "creation" | "deployed", hex: string) => matchCode([caller, vault], kind, hex)?.contract.name;
  expect(known("deployed", `0x${onChain}`)).toBe("Vault");
  expect(known("deployed", set(onChain, metadata, "abcdef"))).toBe("Vault");
  expect(known("deployed", set(onChain, 12, "fe"))).toBeUndefined();
  expect(known("deployed", onChain.slice(2))).toBeUndefined();
  expect(known("deployed", "0x")).toBeUndefined();
  expect(known("creation", `${creation!.hex}${"00".repeat(32)}`)).toBe("Vault");
  expect(known("creation", onChain)).toBeUndefined();
});

test("an instruction has the fields that it names, and else those before it; push data are none", () => {
  const map = readSourceMap("5:3:0:-;;:2;7:::i;:::o", "6001600256f35b");
  expect([...map]).toEqual([
    [0, { start: 5, length: 3, file: 0, jump: "-" }],
    [2, { start: 5, length: 3, file: 0, jump: "-" }],
    [4, { start: 5, length: 2, file: 0, jump: "-" }],
    [5, { start: 7, length: 2, file: 0, jump: "i" }],
    [6, { start: 7, length: 2, file: 0, jump: "o" }],
  ]);
});

test("a place is of the function around it, whatever comments and strings hold", () => {
  const text = `contract A { // function not() {
    string s = "} function no() {";
    constructor() payable { x = 1; }
    function f(function() external g) public { if (true) { y = 2; } }
    function declared() external;
    uint z = 3;
    receive() external payable { /* } */ w = 4; }
  }
  library B { modifier m() { _; v = 5; } }
  function free() { u = 6; }`;
  const of = (word: string) => enclosing(text, text.indexOf(word));
  expect(of("x = 1")).toEqual({ contract: "A", function: "constructor" });
  expect(of("y = 2")).toEqual({ contract: "A", function: "f" });
  expect(of("uint z")).toEqual({ contract: "A" });
  expect(of("w = 4")).toEqual({ contract: "A", function: "receive" });
  expect(of("v = 5")).toEqual({ contract: "B", function: "m" });
  expect(of("u = 6")).toEqual({ function: "free" });
});
