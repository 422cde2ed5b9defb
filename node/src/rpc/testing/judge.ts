/** Holds what a server answers to what it says of itself (rpc.discover): every answer that a test asks for is judged. */
import { Ajv, type ValidateFunction } from "ajv";

export type Answer = { result?: unknown; error?: { code: number; message: string; data?: unknown } };
type Told = { name: string; result: { schema: object }; errors: { data: { codes: Record<string, string> } }[] };
type Document = { methods: Told[]; components: object };

/** Any method may answer them. */
const ALWAYS = ["RPC_INTERNAL", "RPC_METHOD_UNKNOWN", "RPC_REQUEST_INVALID", "RPC_PARAMS_INVALID"];

const ajv = new Ajv({ strict: false });
const judges = new Map<string, { validate: ValidateFunction; codes: ReadonlySet<string> }>();

/** Throws where the answer is not one that the method's description has. A method that no document has is not judged. */
export async function judge(method: string, { result, error }: Answer, discover: () => Promise<Document>): Promise<void> {
  const judge = judges.get(method) ?? judgeOf(method, await discover());
  if (judge === undefined) return;
  judges.set(method, judge);
  const code = (error?.data as { code?: unknown } | undefined)?.code;
  if (typeof code === "string" && !judge.codes.has(code)) throw new Error(`${method} answers ${code}, which its description does not have`);
  if (error !== undefined || judge.validate(result ?? null)) return;
  throw new Error(
    `${method} answers what its description does not have: ${ajv.errorsText(judge.validate.errors)}: ${JSON.stringify(result)}`,
  );
}

function judgeOf(method: string, { methods, components }: Document) {
  const told = methods.find((x) => x.name === method);
  if (told === undefined) return undefined;
  const codes = new Set([...ALWAYS, ...told.errors.flatMap((x) => Object.keys(x.data.codes))]);
  return { validate: ajv.compile({ components, allOf: [told.result.schema] }), codes };
}
