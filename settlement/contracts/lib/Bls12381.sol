// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/**
 * BLS signatures with keys in G1 and signatures in G2, by the precompiles of EIP-2537: proof-of-possession scheme of
 * draft-irtf-cfrg-bls-signature, so keys whose possession nobody proved must not be summed.
 * A point is what the precompiles take: big endian coordinates of 64 bytes, of which 16 are zero; in G2 the real part first.
 */
library Bls12381 {
    error PrecompileFailed(uint256 precompile);

    uint256 private constant MODEXP = 0x05;
    uint256 private constant G1_ADD = 0x0b;
    uint256 private constant G2_ADD = 0x0d;
    uint256 private constant PAIRING = 0x0f;
    uint256 private constant MAP_TO_G2 = 0x11;

    /// "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_" and its length: DST_prime of RFC 9380, 44 bytes.
    bytes32 private constant DST_HEAD = "BLS_SIG_BLS12381G2_XMD:SHA-256_S";
    bytes32 private constant DST_TAIL = "SWU_RO_POP_\x2b";
    /// p, 48 bytes.
    bytes32 private constant P_HEAD = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624;
    bytes32 private constant P_TAIL = 0x1eabfffeb153ffffb9feffffffffaaab00000000000000000000000000000000;

    /// Whether `signature`, 256 bytes, is of `message` by the key in the 128 bytes of memory at `key`. Reverts where one is no point of its subgroup.
    function verifies(uint256 key, bytes32 message, bytes calldata signature) internal view returns (bool) {
        if (signature.length != 256) revert PrecompileFailed(PAIRING);
        bytes memory pair = new bytes(768); // e(key, H(message)) · e(-generator, signature) = 1
        uint256 ptr = hashInto(message, pair);
        uint256 result;
        assembly ("memory-safe") {
            mcopy(ptr, key, 0x80)
            let second := add(ptr, 0x180)
            mstore(second, 0x0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0f)
            mstore(add(second, 0x20), 0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb)
            mstore(add(second, 0x40), 0x00000000000000000000000000000000114d1d6855d545a8aa7d76c8cf2e21f2)
            mstore(add(second, 0x60), 0x67816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca)
            calldatacopy(add(second, 0x80), signature.offset, 0x100)
        }
        if (!call(PAIRING, ptr, 768, 0, 32)) revert PrecompileFailed(PAIRING);
        assembly ("memory-safe") {
            result := mload(0)
        }
        return result == 1;
    }

    /// Memory: the point at `sum` becomes its sum with the one behind it, 128 bytes each. Reverts where either is no point of the curve.
    function addNext(uint256 sum) internal view {
        if (!call(G1_ADD, sum, 256, sum, 128)) revert PrecompileFailed(G1_ADD);
    }

    /// hash_to_curve of RFC 9380 with SHA-256 and simplified SWU, written 128 bytes into `pair`; answers where `pair` begins.
    function hashInto(bytes32 message, bytes memory pair) private view returns (uint256 ptr) {
        uint256 to;
        uint256 free;
        assembly ("memory-safe") {
            ptr := add(pair, 0x20)
            to := add(ptr, 0x80)
            free := mload(0x40)
        }
        fieldElements(message, free);
        if (!call(MAP_TO_G2, free, 128, free, 256)) revert PrecompileFailed(MAP_TO_G2);
        if (!call(MAP_TO_G2, free + 256, 128, free + 256, 256)) revert PrecompileFailed(MAP_TO_G2);
        if (!call(G2_ADD, free, 512, to, 256)) revert PrecompileFailed(G2_ADD);
    }

    /// hash_to_field with count = 2: u_0 at `to`, u_1 at `to` + 256, of 128 bytes each.
    function fieldElements(bytes32 message, uint256 to) private view {
        assembly ("memory-safe") {
            function sha(from, length, out) {
                if iszero(staticcall(gas(), 0x02, from, length, out, 0x20)) { revert(0, 0) }
            }
            // expand_message_xmd, 256 bytes: b_0 = H(64 zeros ‖ message ‖ u16 256 ‖ 0 ‖ DST'), b_i = H(b_0 xor b_(i-1) ‖ i ‖ DST').
            // Both begin at `input`; b_1 .. b_8 follow one another at `uniform`.
            let input := add(to, 0x200)
            let uniform := add(input, 0x100)
            mstore(input, 0)
            mstore(add(input, 0x20), 0)
            mstore(add(input, 0x40), message)
            mstore(add(input, 0x60), shl(232, 0x010000))
            mstore(add(input, 0x63), DST_HEAD)
            mstore(add(input, 0x83), DST_TAIL)
            sha(input, 0x8f, input)
            let first := mload(input)
            mstore(add(input, 0x21), DST_HEAD)
            mstore(add(input, 0x41), DST_TAIL)
            let before := 0
            for { let i := 1 } lt(i, 9) { i := add(i, 1) } {
                mstore(input, xor(first, before))
                mstore8(add(input, 0x20), i)
                let out := add(uniform, shl(5, sub(i, 1)))
                sha(input, 0x4d, out)
                before := mload(out)
            }
            // Each 64 bytes mod p, by MODEXP with exponent 1.
            mstore(input, 64)
            mstore(add(input, 0x20), 1)
            mstore(add(input, 0x40), 48)
            mstore8(add(input, 0xa0), 1)
            mstore(add(input, 0xa1), P_HEAD)
            mstore(add(input, 0xc1), P_TAIL)
            for { let i := 0 } lt(i, 4) { i := add(i, 1) } {
                mcopy(add(input, 0x60), add(uniform, shl(6, i)), 0x40)
                let out := add(to, add(shl(8, shr(1, i)), shl(6, and(i, 1))))
                mstore(out, 0)
                if iszero(staticcall(gas(), MODEXP, input, 0xd1, add(out, 0x10), 0x30)) { revert(0, 0) }
            }
        }
    }

    function call(uint256 precompile, uint256 from, uint256 size, uint256 to, uint256 outSize) private view returns (bool ok) {
        assembly ("memory-safe") {
            ok := staticcall(gas(), precompile, from, size, to, outSize)
            ok := and(ok, eq(returndatasize(), outSize)) // an account without code says yes to everything
        }
    }
}
