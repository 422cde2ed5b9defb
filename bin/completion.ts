/** Scripts by which bash and zsh complete commands, options and the values that an option names. They hold all words: pressing Tab starts no process. */
import type { Command, Option } from "commander";
import { type Declared, takesValue } from "./command-tree.ts";

type Word = { word: string; about: string };

/** `words` by what was typed before ("noema da"), `values` by the option behind it ("noema da put --ttl"): none, where it takes any; a file's name then. */
type Words = { words: Record<string, Word[]>; values: Record<string, Word[]> };

const firstLine = (text: string) => text.split("\n")[0] as string;

function optionWords(option: Option): Word[] {
  return [option.long, option.short].flatMap((word) => (word ? [{ word, about: firstLine(option.description) }] : []));
}

function wordsAfter(command: Command): Word[] {
  const subcommands = command.commands.map((x) => ({ word: x.name(), about: firstLine(x.summary() || x.description()) }));
  return [...subcommands, ...command.options.flatMap(optionWords), { word: "--help", about: "what it takes" }];
}

function collect(tree: readonly Declared[], top: readonly Word[]): Words {
  const words: Words["words"] = {
    noema: [...top, { word: "--help", about: "what there is" }, { word: "--version", about: "which it is" }],
  };
  const values: Words["values"] = {};
  for (const { path, command } of tree) {
    const at = ["noema", ...path].join(" ");
    words[at] = wordsAfter(command);
    for (const option of command.options.filter(takesValue))
      for (const { word } of optionWords(option)) values[`${at} ${word}`] = (option.argChoices ?? []).map((x) => ({ word: x, about: "" }));
  }
  return { words, values };
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** An associative array, an entry a line. */
function table(declare: string, name: string, entries: Record<string, Word[]>, show: (words: readonly Word[]) => string): string {
  const key = declare.startsWith("declare") ? (at: string) => `[${quote(at)}]=` : (at: string) => `${quote(at)} `;
  return [`${declare} ${name}=(`, ...Object.entries(entries).map(([at, x]) => `  ${key(at)}${quote(show(x))}`), ")"].join("\n");
}

export function bashScript(tree: readonly Declared[], top: readonly Word[]): string {
  const { words, values } = collect(tree, top);
  const listed = (all: readonly Word[]) => all.map((x) => x.word).join(" ");
  return `# noema completion bash: source it, or save it as ~/.local/share/bash-completion/completions/noema
${table("declare -gA", "_noema_words", words, listed)}
${table("declare -gA", "_noema_values", values, listed)}
_noema() {
  local at=noema word choices
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ -n $word && -n \${_noema_words[$at $word]+known} ]] && at="$at $word"
  done
  choices=\${_noema_values[$at \${COMP_WORDS[COMP_CWORD-1]}]-\${_noema_words[$at]}}
  mapfile -t COMPREPLY < <(compgen -W "$choices" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o bashdefault -o default -F _noema noema
`;
}

export function zshScript(tree: readonly Declared[], top: readonly Word[]): string {
  const { words, values } = collect(tree, top);
  const listed = (all: readonly Word[]) => all.map(({ word, about }) => `${word}${about && `:${about}`}`).join("\n");
  return `#compdef noema
# noema completion zsh: source it after compinit, or save it as _noema in a folder of $fpath
${table("typeset -gA", "_noema_words", words, listed)}
${table("typeset -gA", "_noema_values", values, listed)}
_noema() {
  local at=noema word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ -n $word && -n \${_noema_words[$at $word]} ]] && at="$at $word"
  done
  choices=("\${(@f)\${_noema_values[$at \${words[CURRENT-1]}]-\${_noema_words[$at]}}}")
  choices=("\${(@)choices:#}")
  _describe noema choices || _files
}
if [[ \${funcstack[1]} == _noema ]]; then _noema "$@"; else compdef _noema noema; fi
`;
}
