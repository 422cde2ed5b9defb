/** The scripts of `noema completion`, in the shells that are here. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandTree } from "../bin/command-tree.ts";
import { COMMANDS } from "../bin/commands.mjs";
import { bashScript, zshScript } from "../bin/completion.ts";

const folder = mkdtempSync(join(tmpdir(), "noema-completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tree = await commandTree();
const top = Object.entries(COMMANDS).map(([word, { about }]) => ({ word, about }));
const [bash, zsh] = [join(folder, "noema.bash"), join(folder, "noema.zsh")];
writeFileSync(bash, bashScript(tree, top));
writeFileSync(zsh, zshScript(tree, top));

const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

/** What bash offers for the last word of each line. */
function inBash(...lines: string[]): string[][] {
  const script = `source "$1"
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _noema; echo "\${COMPREPLY[*]}"
done`;
  const input = lines.map((x) => `${x}\n`).join("");
  const offered = execFileSync("bash", ["-c", script, "bash", bash], { encoding: "utf8", input }).split("\n").slice(0, -1);
  return offered.map((x) => x.split(" ").filter((word) => word !== ""));
}

/** What zsh makes of a line when Tab is pressed on a terminal. */
function inZsh(line: string): string {
  const script = `zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PS1='' RPS1=; stty -echo; autoload -Uz compinit; compinit -D -u; source $1; noema() { print -r -- \\"<\\$*>\\" }; print ready"
zpty -r -m shell text '*ready*'
zpty -w -n shell "$2"$'\\t\\n'
zpty -r -m shell text '*<*>*'
print -r -- "$text"`;
  return execFileSync("zsh", ["-f", "-c", script, "zsh", zsh, line], { encoding: "utf8" });
}

test("bash completes commands, subcommands, options and the values that an option names", () => {
  const cases: Record<string, string[]> = {
    "noema ": [...Object.keys(COMMANDS), "--help", "--version"],
    "noema devn": ["devnet"],
    "noema da p": ["put"],
    "noema devnet --port 9000 --valid": ["--validators"],
    "noema tool model nsfwjs --variant ": ["mobilenet_v2", "mobilenet_v2_mid"],
    "noema devnet --datadir ": [], // left to bash: a file
  };
  expect(inBash(...Object.keys(cases))).toEqual(Object.values(cases));
});

test("every command and option is among the words", () => {
  const offered = inBash(...tree.map(({ path }) => `noema ${path.join(" ")} `));
  for (const [i, { command }] of tree.entries()) {
    const declared = [...command.options.map((x) => x.long as string), ...command.commands.map((x) => x.name())];
    expect(offered[i]).toEqual(expect.arrayContaining(declared));
  }
});

test.skipIf(!has("zsh"))("zsh completes a subcommand and an option", () => {
  expect(inZsh("noema da pu")).toContain("<da put>");
  expect(inZsh("noema devnet --validat")).toContain("<devnet --validators>");
});
