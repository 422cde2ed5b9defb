// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {RecordedInference} from "./RecordedInference.sol";

/// Of forge's cheat codes, those that are used here.
interface Vm {
    function etch(address target, bytes calldata code) external;
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonBytesArray(string calldata json, string calldata key) external pure returns (bytes[] memory);
}

/// For `forge test`: models answer from a file that `noema model run --record` wrote. foundry.toml has to allow reading it (`fs_permissions`).
library InferenceShim {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// In setUp.
    function install(string memory path) internal {
        VM.etch(address(0x0a00), type(RecordedInference).runtimeCode);
        VM.etch(address(0x0a01), type(RecordedInference).runtimeCode);
        string memory json = VM.readFile(path);
        _record(address(0x0a00), VM.parseJsonBytesArray(json, ".infoCalls"), VM.parseJsonBytesArray(json, ".infos"));
        _record(address(0x0a01), VM.parseJsonBytesArray(json, ".calls"), VM.parseJsonBytesArray(json, ".outputs"));
    }

    function _record(address at, bytes[] memory calls, bytes[] memory outputs) private {
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok,) = at.call(abi.encode(keccak256("noema.inference.record"), calls[i], outputs[i]));
            require(ok, "not recorded");
        }
    }
}
