/** Builds the page at / into one committed module: `noema tool page`. The file names carry their content's hash. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { to0x, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { type Plugin, rolldown } from "rolldown";

const here = dirname(fileURLToPath(import.meta.url));
const artifactPath = join(here, "..", "precompiles", "contracts", "artifacts", "DigitReader.json");
export const pagePath = join(here, "src", "generated", "page.ts");

type AbiItem = { type: string; name?: string; inputs?: { type: string }[] };

function signature(abi: readonly AbiItem[], type: string, name: string): string {
  const item = abi.find((x) => x.type === type && x.name === name);
  if (item === undefined) throw new Error(`DigitReader has no ${type} ${name}`);
  return `${name}(${(item.inputs ?? []).map((x) => x.type).join(",")})`;
}

/** The contract's code and identifiers: the page needs no ABI coder and no keccak. */
function digitReader(): Plugin {
  const id = "virtual:digit-reader";
  return {
    name: "digit-reader",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const { abi, bytecode } = JSON.parse(readFileSync(artifactPath, "utf8")) as { abi: AbiItem[]; bytecode: string };
      const hash = (text: string) => to0x(keccak256(utf8(text)));
      const values = {
        bytecode,
        classifySelector: hash(signature(abi, "function", "classify")).slice(0, 10),
        classifiedTopic: hash(signature(abi, "event", "Classified")),
      };
      return Object.entries(values)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join("\n");
    },
  };
}

async function bundleScript(name: string): Promise<string> {
  const bundle = await rolldown({ input: join(here, "src", name), plugins: [digitReader()], platform: "browser", logLevel: "warn" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  if (output.length !== 1) throw new Error(`expected one file, got ${output.length}`);
  return output[0].code;
}

/** In the order of the cascade. */
const STYLES = ["base", "header", "layout", "drawing", "answer", "chain", "data", "rows", "narrow"];

/** Without comments and indentation. */
function squeeze(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function named(stem: string, extension: string, type: string, body: string) {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  return { path: `/assets/${stem}-${hash}.${extension}`, type: `${type}; charset=utf-8`, body };
}

export async function buildPage(): Promise<string> {
  const js = named("page", "js", "text/javascript", await bundleScript("main.ts"));
  const sampler = named("sampler", "js", "text/javascript", await bundleScript("data/sampler.ts"));
  const publisher = named("publisher", "js", "text/javascript", await bundleScript("data/publisher.ts"));
  const css = named(
    "page",
    "css",
    "text/css",
    squeeze(STYLES.map((name) => readFileSync(join(here, "styles", `${name}.css`), "utf8")).join("\n")),
  );
  const html = readFileSync(join(here, "index.html"), "utf8")
    .replace("{{css}}", css.path)
    .replace("{{js}}", js.path)
    .replace("{{publisher}}", publisher.path)
    .replace("{{sampler}}", sampler.path);
  const page = JSON.stringify({ html, files: [js, css, publisher, sampler] }, null, 2);
  return `// Made by explorer/build.ts from explorer/. Do not edit.\nexport const page = ${page};\n`;
}

export async function writePage(): Promise<void> {
  mkdirSync(dirname(pagePath), { recursive: true });
  const text = await buildPage();
  writeFileSync(pagePath, text);
  console.log(`${pagePath}: ${text.length} characters`);
}
