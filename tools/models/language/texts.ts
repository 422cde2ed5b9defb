/** Code in some twenty languages: parts of files of npm packages, chosen by a seed. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { randomOf } from "../random.ts";

/** React Native has Java, Kotlin, C, C++, Objective-C, Ruby, Groovy and shell; the others bring PHP, CSS, Python, Perl, Swift, CoffeeScript. */
export const TEXT_PACKAGES = [
  "react-native@0.74.0",
  "@wordpress/block-library@9.0.0",
  "node-gyp@10.1.0",
  "exiftool-vendored.pl@12.84.0",
  "@capacitor/ios@6.0.0",
  "hubot@2.19.0",
] as const;

const ENDINGS =
  ".c .cc .cmake .coffee .cpp .css .gradle .h .html .java .js .json .kt .m .md .mm .php .pl .pm .podspec .py .rb .scss .sh .swift .ts .tsx .xml .yml".split(
    " ",
  );
/** Shorter ones say little: their languages are guesses in float too. */
const MIN_CHARACTERS = 60;
const MAX_LINES = 120;

/** `perEnding` parts of files with each ending, whole files where they are short. */
export function textsOf(folders: readonly string[], perEnding: number, seed: number): string[] {
  const random = randomOf(seed);
  const below = (n: number) => Math.floor(random() * n);
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true })).filter((x) => x.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return ENDINGS.flatMap((ending) => {
    const own = paths.filter((path) => extname(path) === ending);
    const texts = Array.from({ length: own.length === 0 ? 0 : perEnding }, () => {
      const lines = readFileSync(own[below(own.length)]!, "utf8").split("\n");
      const start = below(Math.max(1, lines.length - 10));
      return lines.slice(start, start + 5 + below(MAX_LINES)).join("\n");
    });
    return texts.filter(({ length }) => length >= MIN_CHARACTERS);
  });
}
