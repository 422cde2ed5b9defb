// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Inference, InferenceFailed, ModelInfo} from "../IInference.sol";

/// Reads handwritten digits on chain: 784 pixels in, the digit and the ten scores out.
contract DigitReader {
    using Inference for bytes32;

    error NotADigitPicture(uint256 length);
    error NotADigitModel(uint256 inputBytes, uint256 outputBytes);

    struct Reading {
        uint64 blockNumber;
        uint8 digit;
        /// Ten int8 in the high bytes, digit 0 first.
        bytes10 scores;
    }

    event Classified(address indexed by, uint256 indexed index, uint8 digit, int8[10] scores);

    uint256 public constant PIXELS = 784;
    bytes32 public immutable modelId;
    /// Classifications so far, of all callers.
    uint256 public count;
    mapping(address => Reading) public lastReading;

    constructor(bytes32 modelId_) {
        ModelInfo memory info = modelId_.modelInfo();
        if (info.inputBytes != PIXELS || info.outputBytes != 10) revert NotADigitModel(info.inputBytes, info.outputBytes);
        modelId = modelId_;
    }

    /// Classifies, remembers the answer as the caller's last and counts it. One byte a pixel: round(255 p) - 128 as int8.
    function classify(bytes calldata pixels) external returns (uint8 digit, int8[10] memory scores) {
        bytes10 packed;
        (digit, scores, packed) = _read(pixels);
        lastReading[msg.sender] = Reading(uint64(block.number), digit, packed);
        emit Classified(msg.sender, count, digit, scores);
        count++;
    }

    /// The same without a transaction.
    function read(bytes calldata pixels) external view returns (uint8 digit, int8[10] memory scores) {
        (digit, scores,) = _read(pixels);
    }

    function _read(bytes calldata pixels) private view returns (uint8 digit, int8[10] memory scores, bytes10 packed) {
        if (pixels.length != PIXELS) revert NotADigitPicture(pixels.length);
        packed = bytes10(modelId.infer(pixels));
        for (uint8 i = 0; i < 10; i++) {
            scores[i] = int8(uint8(packed[i]));
            // The lowest index wins a tie.
            if (scores[i] > scores[digit]) digit = i;
        }
    }
}
