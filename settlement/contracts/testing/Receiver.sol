// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface IMessenger {
    function sender() external view returns (address);
}

/// Takes what withdrawals bring, and calls back if it was told to.
contract Receiver {
    uint256 public received;
    address public from;
    address public hook;
    bytes public hookData;

    function setHook(address hook_, bytes calldata data) external {
        (hook, hookData) = (hook_, data);
    }

    receive() external payable {
        take();
    }

    fallback() external payable {
        take();
    }

    function take() private {
        received += msg.value;
        from = IMessenger(msg.sender).sender();
        if (hook == address(0)) return;
        (bool ok, bytes memory answer) = hook.call(hookData);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}
