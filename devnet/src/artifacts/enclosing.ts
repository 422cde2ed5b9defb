/** In which function of which contract a place of Solidity stands, by its braces: compilers' trees are not always kept. */

/** Comments and strings, whose braces are none, and what opens a block that has a name. */
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\b(?:contract|library|interface)\s+([\w$]+)|\b(?:function|modifier)\s+([\w$]+)|\b(constructor|receive|fallback)\s*(?=\()|[{};]/g;

type Named = { contract?: string; function?: string };

/** `at`: an index of the text. Where it is in no function, the contract alone. */
export function enclosing(text: string, at: number): Named {
  const blocks: Named[] = [];
  let next: Named = {};
  let heading: { named: Named; from: number } | undefined;
  for (const token of text.matchAll(TOKEN)) {
    if (token.index > at) break;
    const [word, contract, named, special] = token;
    if (contract !== undefined) next = { contract };
    else if (named !== undefined || special !== undefined) {
      next = { ...contractOf(blocks), function: named ?? special };
      heading = { named: next, from: token.index };
    } else if (word === "{") {
      blocks.push(next.contract === undefined && next.function === undefined ? {} : next);
      next = {};
      heading = undefined;
    } else if (word === "}") blocks.pop();
    else if (word === ";") {
      next = {};
      heading = undefined;
    }
  }
  return heading?.named ?? { ...contractOf(blocks), ...functionOf(blocks) };
}

function contractOf(blocks: readonly Named[]): Named {
  const found = blocks.findLast((x) => x.contract !== undefined && x.function === undefined);
  return found === undefined ? {} : { contract: found.contract };
}

function functionOf(blocks: readonly Named[]): Named {
  const found = blocks.findLast((x) => x.function !== undefined);
  return found === undefined ? {} : { function: found.function };
}
