/**
 * The canonical `.nmodel` file, version 1. Little endian throughout; reserved and padding bytes are zero; no floats.
 *
 *   0  "NMDL"
 *   4  u16 version = 1              6  u16 operator set = 1
 *   8  u32 header bytes            12  u32 weight bytes           (both multiples of 64)
 *  16  u32 tensors                 20  u32 operators
 *  24  u32 input tensor (0)        28  u32 output tensor
 *  32  tensors:   u8 role (0 activation, 1 weight) | u8 dtype (0 int8, 1 int32, 2 uint16) | i8 zero point | u8 rank
 *                 | rank x u32 dimension
 *      operators: u16 code | u8 inputs | u8 outputs | u8 attributes | 3 zero bytes
 *                 | u32 for each input and output tensor | i32 for each attribute
 *      zeros to a multiple of 64: end of the header
 *      weights:   each weight tensor in order of its index, row-major, zeros to a multiple of 64
 *
 * The file has exactly header bytes + weight bytes. Tensors are numbered by first appearance (types.ts), so that a decoded
 * model encodes to the same bytes and no others.
 *
 *   modelId     = keccak256(header || weightsRoot), the header with its padding
 *   weightsRoot = sha256 Merkle root of the weight section in chunks of 4,096 bytes: the last chunk is filled with zeros,
 *                 leaf = sha256(chunk), node = sha256(left || right), the leaves filled to a power of two with 32 zero
 *                 bytes each; one chunk is its own root, no weights are 32 zero bytes. The depth follows from the
 *                 header's weight bytes, so a node cannot pass for a leaf.
 */
export const MAGIC = 0x4c444d4e; // "NMDL" read as u32le
export const VERSION = 1;
export const OPERATOR_SET = 1;
export const FIXED_HEADER_BYTES = 32;
const ALIGNMENT = 64;
export const CHUNK_BYTES = 4096;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
