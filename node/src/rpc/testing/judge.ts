/** Holds what a server answers to what it says of itself (rpc.discover): every answer that a test asks for is judged. */
import { Ajv, type ValidateFunction } from "ajv";

export type Answer = { result?: unknown; error?: { code: number; message: string; data?: unknown } };
type Told = { name: string; result: { schema: object }; errors: { data: { codes: Record<string, string> } }[] };
type Document = { methods: Told[]; components: object };

/** Any method may answer them. */
const ALWAYS = ["RPC_INTERNAL", "RPC_METHOD_UNKNOWN", "RPC_REQUEST_INVALID", "RPC_PARAMS_INVALID"];

const ajv = new Ajv({ strict: false });
/** Documents' types by what they are; named so that those of several servers stand beside each other, compiled once. */
const types = new Map<string, string>();
type Judge = { codes: ReadonlySet<string>; validate(): ValidateFunction };
const judges = new Map<string, Judge>();
/** The last document that was asked for: most servers of a test have the same methods. */
let seen: Document | undefined;

/** Throws where the answer is not one that the method's description has. A method that no document has is not judged. */
export async function judge(method: string, { result, error }: Answer, discover: () => Promise<Document>): Promise<void> {
  let judge = judges.get(method) ?? (seen && judgeOf(method, seen));
  if (judge === undefined) {
    seen = await discover();
    judge = judgeOf(method, seen);
  }
  if (judge === undefined) return;
  judges.set(method, judge);
  const code = (error?.data as { code?: unknown } | undefined)?.code;
  if (typeof code === "string" && !judge.codes.has(code)) throw new Error(`${method} answers ${code}, which its description does not have`);
  if (error !== undefined) return;
  const validate = judge.validate();
  if (!validate(result ?? null))
    throw new Error(`${method} answers what its description does not have: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(result)}`);
}

function judgeOf(method: string, { methods, components }: Document): Judge | undefined {
  const told = methods.find((x) => x.name === method);
  if (told === undefined) return undefined;
  let validate: ValidateFunction | undefined;
  return {
    codes: new Set([...ALWAYS, ...told.errors.flatMap((x) => Object.keys(x.data.codes))]),
    validate() {
      const schema = () => JSON.stringify(told.result.schema).replaceAll('"#/components', `"${idOf(components)}#/components`);
      validate ??= ajv.compile(JSON.parse(schema()));
      return validate;
    },
  };
}

function idOf(components: object): string {
  const text = JSON.stringify(components);
  const id = types.get(text) ?? `types-${types.size}`;
  if (!types.has(text)) ajv.addSchema({ $id: id, components });
  types.set(text, id);
  return id;
}
