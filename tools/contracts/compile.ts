/**
 * Compiles the Solidity contracts whose artifacts are committed: `noema tool contracts [--check]`.
 * With --check it writes nothing and fails when an artifact is not what its source compiles to.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";
import { BUILD_INFO, compileBuildInfo } from "./build-info.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Source files and where their artifacts lie, from the root of the repository. */
export const CONTRACTS = [
  { source: "precompiles/contracts/examples/DigitReader.sol", artifacts: "precompiles/contracts/artifacts" },
  { source: "precompiles/contracts/examples/TwoReadings.sol", artifacts: "precompiles/contracts/artifacts" },
  { source: "precompiles/contracts/testing/RecordedInference.sol", artifacts: "precompiles/contracts/artifacts" },
  { source: "e2e/contracts/Token.sol", artifacts: "e2e/contracts/artifacts" },
  { source: "e2e/contracts/Counter.sol", artifacts: "e2e/contracts/artifacts" },
  { source: "e2e/contracts/Workshop.sol", artifacts: "e2e/contracts/artifacts" },
  { source: "bench/contracts/Token.sol", artifacts: "bench/contracts/artifacts" },
  { source: "bench/contracts/Pool.sol", artifacts: "bench/contracts/artifacts" },
  { source: "bench/contracts/Work.sol", artifacts: "bench/contracts/artifacts" },
  { source: "settlement/contracts/NoemaHead.sol", artifacts: "settlement/contracts/artifacts" },
  { source: "settlement/contracts/NoemaPortal.sol", artifacts: "settlement/contracts/artifacts" },
  { source: "settlement/contracts/Messenger.sol", artifacts: "settlement/contracts/artifacts" },
  { source: "settlement/contracts/L2Bridge.sol", artifacts: "settlement/contracts/artifacts" },
  { source: "settlement/contracts/TwinToken.sol", artifacts: "settlement/contracts/artifacts" },
  { source: "settlement/contracts/testing/QuirkyToken.sol", artifacts: "settlement/contracts/artifacts" },
  { source: "settlement/contracts/testing/Receiver.sol", artifacts: "settlement/contracts/artifacts" },
] as const;

/** No metadata hash: the bytecode depends on the code only, not on comments or paths. */
const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "osaka",
  metadata: { bytecodeHash: "none", appendCBOR: false },
};

interface Output {
  errors?: { severity: string; formattedMessage: string; sourceLocation?: { file: string } }[];
  contracts: Record<string, Record<string, { abi: unknown; evm: { bytecode: { object: string }; deployedBytecode: { object: string } } }>>;
}

/** The artifact of the contract that has its file's name, as the text of a JSON file. */
export function compileArtifact(source: string): string {
  const input = {
    language: "Solidity",
    sources: { [source]: { content: readFileSync(join(ROOT, source), "utf8") } },
    settings: { ...SETTINGS, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } } },
  };
  const read = (path: string) => ({ contents: readFileSync(fileOf(normalize(path)), "utf8") });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output;
  const problems = (output.errors ?? []).filter((x) => x.severity === "error" || x.sourceLocation?.file.startsWith("@") !== true);
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.formattedMessage).join("\n"));
  const contractName = basename(source, ".sol");
  const contract = output.contracts[source]?.[contractName];
  if (!contract) throw new Error(`${source} has no contract ${contractName}`);
  const artifact = {
    contractName,
    source,
    compiler: { name: "solc", version: solc.version(), settings: SETTINGS },
    abi: contract.abi,
    bytecode: `0x${contract.evm.bytecode.object}`,
    deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
  };
  return `${JSON.stringify(artifact, null, 2)}\n`;
}

/** A package's file is one of those that are installed beside the compiler. */
const fileOf = (path: string) => join(ROOT, path.startsWith("@") ? "tools/node_modules" : "", path);

export function artifactPath({ source, artifacts }: (typeof CONTRACTS)[number]): string {
  return join(ROOT, artifacts, `${basename(source, ".sol")}.json`);
}

export function compileContracts(check: boolean): void {
  const info = compileBuildInfo();
  if (check && readFileSync(BUILD_INFO, "utf8") !== info) throw new Error(`${BUILD_INFO} is not what its source compiles to`);
  if (!check) writeFileSync(BUILD_INFO, info);
  for (const contract of CONTRACTS) {
    const path = artifactPath(contract);
    const text = compileArtifact(contract.source);
    if (check && readFileSync(path, "utf8") !== text) throw new Error(`${path} is not what ${contract.source} compiles to`);
    if (!check) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    console.log(`${contract.source}: ${(JSON.parse(text).bytecode.length - 2) / 2} bytes`);
  }
}
