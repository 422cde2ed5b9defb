// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TwinToken} from "./TwinToken.sol";
import {INoemaPortal} from "./interfaces/INoemaPortal.sol";

/**
 * The L2's end, in genesis: what leaves is burnt or kept here for ever, and noted where a proof finds it; what comes in is minted by the portal's word.
 * Layout: slot 0 `sent`, slot 1 `nonce`, slot 2 `portal`, which genesis writes.
 */
contract L2Bridge {
    event Sent(bytes32 indexed hash, INoemaPortal.Withdrawal withdrawal);
    event TwinMade(address indexed l1Token, address twin);

    error NotPortal();
    error NotTwin(address token);

    /// 1: it may be paid on the L1.
    mapping(bytes32 hash => uint256) public sent;
    uint256 public nonce;
    /// Its alias (lib/Aliases.sol).
    address public portal;
    mapping(address l1Token => TwinToken) public twinOf;
    mapping(address twin => address) public l1TokenOf;

    /// Ether to `target` on the L1, which is called with `data`. It stays here, and is no part of what the L2 has.
    function withdraw(address target, bytes calldata data) external payable returns (bytes32) {
        return send(target, address(0), msg.value, data);
    }

    function withdrawToken(TwinToken twin, address target, uint256 amount, bytes calldata data) external returns (bytes32) {
        address l1Token = l1TokenOf[address(twin)];
        if (l1Token == address(0)) revert NotTwin(address(twin));
        twin.burn(msg.sender, amount);
        return send(target, l1Token, amount, data);
    }

    function finalizeDeposit(address l1Token, address to, uint256 amount, string calldata name, string calldata symbol, uint8 decimals)
        external
        payable
    {
        if (msg.sender != portal) revert NotPortal();
        TwinToken twin = twinOf[l1Token];
        if (address(twin) == address(0)) {
            twin = new TwinToken{salt: bytes32(uint256(uint160(l1Token)))}(name, symbol, decimals);
            twinOf[l1Token] = twin;
            l1TokenOf[address(twin)] = l1Token;
            emit TwinMade(l1Token, address(twin));
        }
        twin.mint(to, amount);
    }

    function send(address target, address token, uint256 amount, bytes calldata data) private returns (bytes32 hash) {
        INoemaPortal.Withdrawal memory withdrawal = INoemaPortal.Withdrawal(nonce++, msg.sender, target, token, amount, data);
        hash = keccak256(abi.encode(withdrawal));
        sent[hash] = 1;
        emit Sent(hash, withdrawal);
    }
}
