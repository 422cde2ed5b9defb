// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bls12381} from "./Bls12381.sol";
import {LittleEndian} from "./LittleEndian.sol";

/**
 * Validator sets as code of contracts that hold nothing else, found by the hash that headers carry (encoding.md 3): whoever brings the members
 * of a hash can register them, and nobody else's.
 */
library ValidatorSets {
    error SetMalformed(uint256 length);
    error SetUnknown(bytes32 hash);
    error BitmapMalformed();
    error QuorumMissing(uint256 weight, uint256 total);

    /// A member of `register`: x, y (48 each, big endian), u64 weight, big endian, fee address (20).
    uint256 private constant MEMBER = 124;
    /// The same in code: x, y, weight.
    uint256 private constant STORED = 104;
    /// Before them: STOP, then x and y of the sum of all.
    uint256 private constant HEAD = 97;
    uint256 private constant MAX_MEMBERS = 200;
    uint256 private constant P_HEAD = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_TAIL = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;
    /// (p - 1) / 2: a y above has the sign bit.
    uint256 private constant HALF_HEAD = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_TAIL = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    uint256 private constant BYTES = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
    uint256 private constant PAIRS = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
    uint256 private constant FOURS = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
    uint256 private constant EIGHTS = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;

    uint256 private constant TWOS = 0x5555555555555555555555555555555555555555555555555555555555555555;
    uint256 private constant HALVES = 0x3333333333333333333333333333333333333333333333333333333333333333;
    uint256 private constant NIBBLES = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
    uint256 private constant EACH_BYTE = 0x0101010101010101010101010101010101010101010101010101010101010101;

    struct Set {
        address code;
        uint16 count;
        /// Of up to 200 u64.
        uint72 total;
    }

    /// Members in the set's order. Answers its hash. Reverts where a key is no point of the curve.
    function register(mapping(bytes32 hash => Set) storage sets, bytes calldata members) internal returns (bytes32 hash) {
        uint256 count = members.length / MEMBER;
        if (count == 0 || count > MAX_MEMBERS || members.length % MEMBER != 0) revert SetMalformed(members.length);
        bytes memory preimage = new bytes(count * 76 + 4); // a word is written where a weight is: 4 bytes past the last member
        assembly ("memory-safe") {
            mstore(preimage, mul(count, 76))
        }
        bytes memory code = new bytes(HEAD + count * STORED);
        uint256 sum = newSum();
        uint256 total;
        for (uint256 i = 0; i < count; i++) {
            bytes calldata member = members[i * MEMBER:(i + 1) * MEMBER];
            total += uint64(bytes8(member[96:]));
            compress(member, preimage, i);
            assembly ("memory-safe") {
                calldatacopy(add(add(code, add(0x20, HEAD)), mul(i, STORED)), member.offset, STORED)
            }
            place(sum + 128, code, i);
            Bls12381.addNext(sum);
        }
        assembly ("memory-safe") {
            mcopy(add(code, 0x21), add(sum, 16), 48)
            mcopy(add(code, 0x51), add(sum, 80), 48)
        }
        hash = sha256(preimage);
        if (sets[hash].code == address(0)) sets[hash] = Set(deploy(code), uint16(count), uint72(total));
    }

    /**
     * Where in memory the sum of the signers' keys stands, 128 bytes. Reverts where their weight is two thirds of the whole or less.
     * It is made of who signed or, where those are the fewer, by taking who did not from the sum of all.
     * @param bitmap ceil(count / 8) bytes; bit i in byte i >> 3, mask 1 << (i & 7)
     */
    function quorumKey(Set memory set, bytes calldata bitmap) internal view returns (uint256 sum) {
        uint256 count = set.count;
        if (bitmap.length != (count + 7) / 8) revert BitmapMalformed();
        uint256 bits = reversed(uint256(bytes32(bitmap)));
        if (bits >> count != 0) revert BitmapMalformed();
        bytes memory code = copyOf(set.code, HEAD + count * STORED);
        sum = newSum();
        bool byMissing = ones(bits) > count / 2;
        if (byMissing) {
            bits ^= (1 << count) - 1;
            assembly ("memory-safe") {
                mcopy(add(sum, 16), add(code, 0x21), 48)
                mcopy(add(sum, 80), add(code, 0x51), 48)
            }
        }
        uint256 weight;
        unchecked { // at most 200 of u64
            for (uint256 i = 0; bits != 0; (++i, bits >>= 1)) {
                if (bits & 1 == 0) continue;
                weight += place(sum + 128, code, i);
                if (byMissing) negate(sum + 128);
                Bls12381.addNext(sum);
            }
            if (byMissing) weight = set.total - weight;
        }
        if (3 * weight <= 2 * uint256(set.total)) revert QuorumMissing(weight, set.total);
    }

    /// 256 bytes: the point at infinity, and room for one that is added to it.
    function newSum() private pure returns (uint256 sum) {
        bytes memory buffer = new bytes(256);
        assembly ("memory-safe") {
            sum := add(buffer, 0x20)
        }
    }

    /// The i-th key of `code`, written to `to` as the precompiles take it, and its weight.
    function place(uint256 to, bytes memory code, uint256 i) private pure returns (uint256 weight) {
        assembly ("memory-safe") {
            let from := add(add(code, add(0x20, HEAD)), mul(i, STORED))
            mstore(to, shr(128, mload(from)))
            mstore(add(to, 0x20), mload(add(from, 16)))
            mstore(add(to, 0x40), shr(128, mload(add(from, 48))))
            mstore(add(to, 0x60), mload(add(from, 64)))
            weight := shr(192, mload(add(from, 96)))
        }
    }

    /// The point at `point`: y := p - y.
    function negate(uint256 point) private pure {
        assembly ("memory-safe") {
            let tail := mload(add(point, 0x60))
            mstore(add(point, 0x60), sub(P_TAIL, tail))
            mstore(add(point, 0x40), sub(sub(P_HEAD, mload(add(point, 0x40))), gt(tail, P_TAIL)))
        }
    }

    /// What the set's hash is of: compressed key, u64le weight, fee address.
    function compress(bytes calldata member, bytes memory preimage, uint256 i) private pure {
        uint256 flags = isHigh(uint128(bytes16(member[48:])), uint256(bytes32(member[64:]))) ? 0xa0 : 0x80;
        uint256 weight = uint256(LittleEndian.swap(uint64(bytes8(member[96:])))) << 192;
        assembly ("memory-safe") {
            let to := add(add(preimage, 0x20), mul(i, 76))
            calldatacopy(to, member.offset, 48)
            mstore8(to, or(byte(0, mload(to)), flags))
            mstore(add(to, 48), weight)
            calldatacopy(add(to, 56), add(member.offset, 104), 20)
        }
    }

    /// Byte i becomes byte 31 - i.
    function reversed(uint256 x) private pure returns (uint256) {
        x = ((x >> 8) & BYTES) | ((x & BYTES) << 8);
        x = ((x >> 16) & PAIRS) | ((x & PAIRS) << 16);
        x = ((x >> 32) & FOURS) | ((x & FOURS) << 32);
        x = ((x >> 64) & EIGHTS) | ((x & EIGHTS) << 64);
        return (x >> 128) | (x << 128);
    }

    /// Bits that are set, of at most 200: sums of two, four and eight, then of all bytes by one product.
    function ones(uint256 x) private pure returns (uint256) {
        unchecked {
            x -= (x >> 1) & TWOS;
            x = (x & HALVES) + ((x >> 2) & HALVES);
            x = (x + (x >> 4)) & NIBBLES;
            return (x * EACH_BYTE) >> 248;
        }
    }

    function copyOf(address from, uint256 length) private view returns (bytes memory code) {
        code = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(from, add(code, 0x20), 0, length)
        }
    }

    function isHigh(uint256 head, uint256 tail) private pure returns (bool) {
        return head > HALF_HEAD || (head == HALF_HEAD && tail > HALF_TAIL);
    }

    /// A contract with this code, whose first byte is STOP.
    function deploy(bytes memory code) private returns (address made) {
        bytes memory creation = abi.encodePacked(hex"61", uint16(code.length), hex"80600a3d393df3", code);
        assembly ("memory-safe") {
            made := create(0, add(creation, 0x20), mload(creation))
        }
        if (made == address(0)) revert SetMalformed(code.length);
    }
}
