// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Inference} from "./IInference.sol";

contract MyReader {
    using Inference for bytes32;

    event Read(address indexed by, uint8 digit);

    bytes32 public immutable model;
    uint8 public last;

    constructor(bytes32 id) {
        model = id;
    }

    /// 784 bytes in, the digit with the highest of ten scores out.
    function read(bytes calldata picture) public view returns (uint8 digit) {
        bytes memory scores = model.infer(picture);
        for (uint8 i = 1; i < 10; i++) {
            if (int8(uint8(scores[i])) > int8(uint8(scores[digit]))) digit = i;
        }
    }

    function remember(bytes calldata picture) external {
        last = read(picture);
        emit Read(msg.sender, last);
    }
}
