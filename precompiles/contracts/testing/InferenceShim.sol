// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RecordedInference} from "./RecordedInference.sol";

/// Of forge's cheat codes, those that are used here; Hardhat's Solidity tests have them too.
interface Vm {
    function etch(address target, bytes calldata code) external;
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonBytesArray(string calldata json, string calldata key) external pure returns (bytes[] memory);
}

/// What `noema model run --record` wrote.
struct Recording {
    bytes32 model;
    bytes[] inputs;
    bytes[] outputs;
}

/// For `forge test`: models answer from files that `noema model run --record` wrote. foundry.toml has to allow reading them (`fs_permissions`).
library InferenceShim {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant MODEL_INFO = address(0x0a00);
    address private constant INFER = address(0x0a01);

    /// In setUp, once for each model.
    function install(string memory path) internal returns (Recording memory recording) {
        string memory json = VM.readFile(path);
        recording.model = VM.parseJsonBytes32(json, ".model");
        recording.inputs = VM.parseJsonBytesArray(json, ".inputs");
        recording.outputs = VM.parseJsonBytesArray(json, ".outputs");
        VM.etch(MODEL_INFO, type(RecordedInference).runtimeCode);
        VM.etch(INFER, type(RecordedInference).runtimeCode);
        _record(MODEL_INFO, bytes.concat(recording.model), VM.parseJsonBytes(json, ".info"));
        for (uint256 i = 0; i < recording.inputs.length; i++) {
            _record(INFER, bytes.concat(recording.model, recording.inputs[i]), recording.outputs[i]);
        }
    }

    function _record(address at, bytes memory call, bytes memory output) private {
        (bool ok,) = at.call(abi.encode(keccak256("noema.inference.record"), call, output));
        require(ok, "not recorded");
    }
}
