/** Runs one command: its arguments read by commander, everything that goes wrong told in one sentence. */
import { INVOCATION } from "./installation.mjs";
import { FAILED, report } from "./report.mjs";

const WRONG_USAGE = 2;
/** Flags that npm itself knows, and so sets for reasons of its own. */
const NPM_OWN = new Set(["--force", "--json", "--version", "--help", "--yes"]);

/** Of a value that is refused. */
const MOST_SHOWN = 60;

class UsageError extends Error {}

function everyCommand(command) {
  return [command, ...command.commands.flatMap(everyCommand)];
}

const shown = (text) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text);

/** commander's own words are not used for values: ours name the option, the value and what is expected. */
function namedRefusals(target, label) {
  const parse = target.parseArg;
  const secret = target.flags?.includes("<words>"); // a mnemonic reaches no log
  target.parseArg = (text, previous) => {
    if (text === "") throw new UsageError(`${label}: a value is missing`);
    if (parse === undefined) return target.variadic ? [...(previous ?? []), text] : text;
    try {
      return parse(text, previous);
    } catch (error) {
      const choices = /^Allowed choices are (.*)\.$/.exec(error.message)?.[1];
      throw new UsageError(
        `${secret ? label : `${label} ${shown(text)}`}: ${choices === undefined ? error.message : `one of ${choices} is expected`}`,
      );
    }
  };
}

/** Looked at after unknown flags, so that a misspelt one is named as such and not as one that is missing. */
function mandatoryLast(command) {
  const mandatory = command.options.filter((x) => x.mandatory);
  for (const option of mandatory) option.makeOptionMandatory(false);
  command.hook("preAction", () => {
    const missing = mandatory.find((x) => command.getOptionValue(x.attributeName()) === undefined);
    if (missing !== undefined) throw new UsageError(`${missing.flags} is missing`);
  });
}

function prepare(program) {
  for (const command of everyCommand(program)) {
    command.exitOverride().allowExcessArguments(false).showSuggestionAfterError(true);
    command.configureOutput({ outputError: () => {} }); // its words come with the exception
    mandatoryLast(command);
    for (const option of command.options) if (option.isBoolean()) option.defaultValue = undefined; // help without "(default: false)"
    for (const option of command.options) if (option.required || option.optional) namedRefusals(option, option.long);
    for (const argument of command.registeredArguments) if (!argument.variadic) namedRefusals(argument, argument.name());
  }
}

/** `npm run devnet --validators 1`, without the --, keeps the flag from us and leaves "1" behind: told by what npm exports. */
function swallowedByNpm(program, path, args, root) {
  if (process.env.npm_package_json !== `${root}package.json`) return;
  const script = process.env.npm_lifecycle_event;
  const line = `npm run ${script} -- ${script === "noema" ? `${path} ` : ""}`;
  const taken = everyCommand(program)
    .flatMap((x) => x.options)
    .map((x) => x.long)
    .filter((x) => x && !NPM_OWN.has(x) && !args.some((arg) => arg === x || arg.startsWith(`${x}=`)))
    .filter((x) => process.env[`npm_config_${x.slice(2).replaceAll("-", "_")}`]);
  if (taken.length > 0)
    throw new UsageError(`npm kept ${taken.join(", ")} for itself: write \`${line}${taken.join(" ")} ...\`, with -- before them`);
}

/** The command that the arguments lead to, as a person types it: `da put`. */
function pathOf(program, name, args) {
  const path = [name];
  for (let at = program; ; ) {
    at = at.commands.find((x) => x.name() === args[path.length - 1]);
    if (at === undefined) return path.join(" ");
    path.push(at.name());
  }
}

/** commander's message as one sentence, with what to do. */
function usage(error, elsewhere, path) {
  const flag = /unknown option '(-{1,2}[^'=]+)/.exec(error.message)?.[1];
  if (flag !== undefined && Object.hasOwn(elsewhere, flag)) return `${flag}: ${elsewhere[flag]}`;
  const [, words, meant] = /^(?:error: )?([^\n]*?)(?:\. Expected [^\n]*)?(?:\n\(Did you mean (.*)\?\))?$/s.exec(error.message);
  const help = [INVOCATION, path, "--help"].filter(Boolean).join(" ");
  return `${words}${meant === undefined ? "" : ` (did you mean ${meant}?)`}; \`${help}\` says more`;
}

/** Resolves with the exit code once the command has done, or begun, what it does. `root` ends in a slash. */
export async function perform(name, { command, elsewhere = {} }, args, root) {
  const program = command();
  const path = pathOf(program, name, args);
  program.name([INVOCATION, name].filter(Boolean).join(" "));
  prepare(program);
  try {
    swallowedByNpm(program, path, args, root);
    await program.parseAsync(args, { from: "user" });
    return process.exitCode ?? 0;
  } catch (error) {
    const code = String(error?.code);
    if (code.startsWith("commander.")) {
      if (error.exitCode === 0) return 0; // help was asked for
      if (code !== "commander.help") report(path, usage(error, elsewhere, path)); // else the help is printed: a subcommand is missing
      return WRONG_USAGE;
    }
    const isUsage = error instanceof UsageError || code === "ARGUMENT_INVALID";
    report(path, isUsage ? error.message : error);
    return isUsage ? WRONG_USAGE : FAILED;
  }
}
