// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// What the spam filter reads of a text: which of 4,096 buckets its words and pairs of neighbouring words fall into.
/// It runs in the contract, since a gate that let the sender count the words could be told anything.
library Memo {
    error MemoTooLong(uint256 length);

    uint256 internal constant MAX_BYTES = 512;
    uint256 private constant BUCKETS = 4096;
    /// FNV-1a.
    uint32 private constant BASIS = 0x811c9dc5;
    uint32 private constant PRIME = 0x01000193;
    /// 2^32 over the golden ratio: a pair's hash is no word's.
    uint32 private constant GOLDEN = 0x9e3779b1;

    /// The model's input: 1 where a bucket is used.
    function words(string memory memo) internal pure returns (bytes memory used) {
        bytes memory text = bytes(memo);
        if (text.length > MAX_BYTES) revert MemoTooLong(text.length);
        used = new bytes(BUCKETS);
        (uint32 word, uint32 last) = (BASIS, 0);
        unchecked {
            for (uint256 i = 0; i < text.length; i++) {
                uint8 c = uint8(text[i]);
                if (c >= 65 && c <= 90) c += 32;
                bool letter = (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c >= 128;
                bool sign = c == 33 || c == 36 || c == 37; // ! $ %, words of their own
                if (!letter) (word, last) = _end(used, word, last);
                if (letter || sign) word = (word ^ c) * PRIME;
                if (sign) (word, last) = _end(used, word, last);
            }
        }
        _end(used, word, last);
    }

    function _end(bytes memory used, uint32 word, uint32 last) private pure returns (uint32, uint32) {
        if (word == BASIS) return (word, last);
        _use(used, word);
        unchecked {
            if (last != 0) _use(used, (last * GOLDEN ^ word) * PRIME);
        }
        return (BASIS, word);
    }

    function _use(bytes memory used, uint32 hash) private pure {
        used[(hash ^ (hash >> 16)) % BUCKETS] = 0x01;
    }
}
