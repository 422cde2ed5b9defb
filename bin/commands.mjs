import { isClone } from "./installation.mjs";

/**
 * The table of commands: who uses it, what it does, and the module that exports it:
 *   command(): Command        its options (commander), and an action that imports the rest when it runs, so that --help is fast
 *   elsewhere?: Record<flag, sentence>   flags of other tools that scripts bring along, and what to use here
 */
const ALL = {
  devnet: { group: "Developer", about: "start a local network of validators that really vote", file: "devnet/src/command.ts" },
  new: { group: "Developer", about: "begin a project whose contract calls a model", file: "devnet/src/new/command.ts" },
  demo: { group: "Developer", about: "have a contract on a running devnet read 100 digits", file: "devnet/src/demo/command.ts" },
  trace: { group: "Developer", about: "show what a transaction called, and what it cost", file: "devnet/src/trace/command.ts" },
  ps: { group: "Developer", about: "show who runs in a devnet's data directory", file: "devnet/src/ps/command.ts" },
  da: { group: "Developer", about: "publish data and read it back from any node", file: "node/src/cli/da/command.ts" },
  model: {
    group: "Developer",
    about: "convert, measure, run models, and bind them to contracts",
    file: "converter/src/command.ts",
  },
  completion: {
    group: "Developer",
    about: "print what bash or zsh completes commands by",
    file: "bin/completion-command.ts",
    unbundled: true,
  },
  keys: { group: "Validator", about: "make, import, export and list a validator's keys", file: "node/src/keys/command.ts" },
  network: { group: "Validator", about: "found a network: register validators, make its file", file: "node/src/network/command.ts" },
  init: { group: "Validator", about: "make a data directory part of a network", file: "node/src/init/command.ts" },
  start: { group: "Validator", about: "run one node: a validator, or one that follows", file: "node/src/start/command.ts" },
  config: { group: "Validator", about: "show what a node is told, and by whom", file: "node/src/cli/config/command.ts" },
  "slashing-protection": {
    group: "Validator",
    about: "move a key to another machine with what it has signed",
    file: "node/src/slashing-protection/command.ts",
  },
  doctor: {
    group: "Validator",
    about: "look at what a node stands on: clock, disk, ports, peers",
    file: "node/src/cli/doctor/command.ts",
  },
  watch: { group: "Validator", about: "watch nodes: height, votes, peers, lag", file: "node/src/cli/watch/command.ts" },
  db: { group: "Validator", about: "check, compact and count a node's stores", file: "node/src/cli/db/command.ts" },
  snapshot: { group: "Validator", about: "copy a node's chain and state, or start from a copy", file: "node/src/cli/snapshot/command.ts" },
  "gpu-worker": { group: "Validator", about: "serve inference to validators without a GPU", file: "node/src/gpu-worker/command.ts" },
  gpu: { group: "Validator", about: "install what runs models on a GPU, and try it", file: "node/src/gpu-worker/gpu-command.ts" },
  reexecute: { group: "Validator", about: "make a stopped validator's state again, and compare", file: "node/src/reexecute/command.ts" },
  bench: { group: "Benchmarker", about: "measure whole networks", file: "bench/src/command.ts", unbundled: true },
  test: { group: "Contributor", about: "run the tests", file: "bin/test-command.ts", unbundled: true },
  "test-tools": {
    group: "Contributor",
    about: "drive real tools against it, beside anvil and Hardhat",
    file: "bin/test-tools-command.ts",
    unbundled: true,
  },
  sim: { group: "Contributor", about: "run consensus under seeded adversaries", file: "consensus/src/sim/command.ts", unbundled: true },
  tool: { group: "Contributor", about: "make the committed artifacts again", file: "bin/tool-command.ts", unbundled: true },
};

/** What runs outside the bundle is for contributors, who have a clone. */
export const COMMANDS = isClone ? ALL : Object.fromEntries(Object.entries(ALL).filter(([, x]) => !x.unbundled));

export function bundledEntries() {
  return Object.fromEntries(Object.entries(ALL).flatMap(([name, x]) => (x.unbundled ? [] : [[name, x.file]])));
}
