/** docs/operate/packaging, by the linters that there are, and what a production install brings. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { afterAll, describe, expect, it } from "vitest";
import { npmCommand } from "../testing/npm.ts";
import { root } from "../walls.ts";
import { ACCEPTED, licences, licencesPage, renderLicences } from "./licences.ts";

const folder = join(root, "docs", "operate", "packaging");
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "noema-packaging-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const run = (file: string, ...args: string[]) => spawnSync(file, args, { encoding: "utf8", cwd: root });
const has = (file: string) => spawnSync(file, ["--version"]).status === 0;

it("the container file is well-formed, and its process is not root", () => {
  expect(validate(read("Containerfile"))).toEqual([]);
  expect(validate("FROM x\nRUNN y\n")).not.toEqual([]);
  const last = read("Containerfile")
    .split(/^FROM /m)
    .at(-1) as string;
  expect(last).toMatch(/^USER \d+:\d+$/m);
  expect(last.indexOf("\nUSER")).toBeLessThan(last.indexOf("\nENTRYPOINT"));
});

it("the compose file is what its schema and linter want", () => {
  const lint = (file: string) => run(process.execPath, join(root, "tools/node_modules/dclint/bin/dclint.cjs"), "--max-warnings", "0", file);
  const { status, stdout } = lint(join(folder, "compose.yaml"));
  expect(status, stdout).toBe(0);
  writeFileSync(join(scratch, "compose.yaml"), "services:\n  node:\n    imag: x\n");
  expect(lint(join(scratch, "compose.yaml")).status).not.toBe(0);
});

it("its Prometheus differs from a machine's in the target alone", () => {
  const rules = (text: string) => text.replace(/^#.*\n/, "").replace(/"[^"]*:9545"/, '"NODE"');
  expect(rules(read("prometheus.yml"))).toBe(rules(readFileSync(join(folder, "../monitoring/prometheus.yml"), "utf8")));
});

describe.skipIf(!has("systemd-analyze"))("systemd-analyze", () => {
  it("accepts the unit, and finds little that it is exposed to", () => {
    const unit = join(scratch, "noema.service");
    const installed = read("noema.service").replace("/usr/local/bin/noema", process.execPath);
    writeFileSync(unit, installed);
    const verified = run("systemd-analyze", "verify", unit);
    expect(verified.stdout + verified.stderr).not.toMatch(/noema\.service/);
    const exposure = run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit);
    expect(exposure.status, exposure.stdout.slice(-200)).toBe(0);
    writeFileSync(unit, installed.replace("StateDirectory=", "StateDirectroy="));
    const wrong = run("systemd-analyze", "verify", unit);
    expect(wrong.stdout + wrong.stderr).toMatch(/StateDirectroy/);
  });
});

describe("licences", () => {
  it("are listed, and ask for nothing that a node's operator cannot give", () => {
    expect(readFileSync(licencesPage, "utf8"), "run: npm run noema -- tool licences").toBe(renderLicences());
    expect([...licences().keys()].filter((x) => !ACCEPTED.includes(x))).toEqual([]);
    expect(licences().get("MIT")?.length).toBeGreaterThan(100);
  });

  it("stand in npm's bill of materials too", () => {
    const { file, args, env } = npmCommand("sbom", "--omit", "dev", "--sbom-format", "cyclonedx", "--package-lock-only");
    const { stdout, stderr } = spawnSync(file, args, { encoding: "utf8", cwd: root, env, maxBuffer: 64 << 20 });
    const { bomFormat, components } = JSON.parse(stdout || `{"bomFormat": ${JSON.stringify(stderr)}}`);
    expect(bomFormat).toBe("CycloneDX");
    const named = new Set(components.map((x: { name: string; version: string }) => `${x.name}@${x.version}`));
    const listed = [...licences().values()].flat();
    expect(listed.filter((x) => named.has(x)).length).toBeGreaterThan(200);
  });
});
