/** npm's package, packed and installed as a stranger would have it: in a folder of its own, read-only, run by a user who owns nothing of it. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmCommand } from "../../tools/testing/npm.ts";
import { runCommand } from "../harness/run-command.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** `nobody` of every Linux; a test that is not root's stays who it is. */
const NOBODY = 65_534;
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

export type Installed = {
  /** Where the package was installed; nobody may write there. */
  project: string;
  /** The installed command. */
  launcher: string;
  /** Empty at first, and the user's own, as is `home`. */
  cwd: string;
  home: string;
  /** How the user starts a process. */
  asUser: { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number };
  remove(): void;
};

export async function installPackage(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "noema-package-"));
  chmodSync(folder, 0o755);
  const [project, cwd, home] = ["project", "cwd", "home"].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [project, cwd, home]) mkdirSync(path);
  if (user.uid !== undefined) for (const path of [cwd, home]) chownSync(path, user.uid, user.gid);
  const tarball = await pack(folder);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  await npm(project, "install", "--no-audit", "--no-fund", tarball);
  await runCommand("chmod", ["-R", "a-w,a+rX", project]);
  const asUser = { cwd, env: { PATH: process.env.PATH, HOME: home, NOEMA_DA_PREPARE_AFTER_MS: String(2 ** 31 - 1) }, ...user };
  return {
    project,
    launcher: join(project, "node_modules", ".bin", "noema"),
    cwd,
    home,
    asUser,
    remove() {
      chmodSync(project, 0o755);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The tarball's path. */
async function pack(folder: string): Promise<string> {
  await npm(repository, "pack", "--pack-destination", folder);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) as string);
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const { file, args: all, env } = npmCommand(...args);
  const { code, stderr } = await runCommand(file, all, { cwd, env });
  if (code !== 0) throw new Error(`npm ${args[0]}: ${stderr}`);
}
