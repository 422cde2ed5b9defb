// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Where value crosses between an L1 and the Noema chain that is settled on it.
interface INoemaPortal {
    /// One transaction of the L2 that nobody there signs. `from`: the caller, aliased where it is a contract. `mint`: wei that it brings.
    event Deposited(uint64 indexed index, address indexed from, address indexed to, uint256 mint, uint64 gasLimit, bytes data);
    event WithdrawalProven(bytes32 indexed hash);
    event WithdrawalPaid(bytes32 indexed hash);
    event Paused(uint256 until);

    error DepositGas(uint64 gasLimit);
    error DepositData(uint256 length);
    error NoRecipient();
    error DepositFee(uint256 value, uint256 fee);
    error RootUnknown(uint64 height);
    error NotSent(bytes32 hash);
    error NotProven(bytes32 hash);
    error PaidAlready(bytes32 hash);
    error TooEarly(uint256 from);
    error IsPaused(uint256 until);
    error NotStale(uint256 from);
    error NotGuardian();
    error LockedTooLittle(uint256 amount, uint256 locked);
    error CallFailed(bytes reason);

    /// What the L2's bridge was told (contracts/L2Bridge.sol).
    struct Withdrawal {
        uint256 nonce;
        /// On the L2.
        address sender;
        address target;
        /// Zero: ether.
        address token;
        uint256 amount;
        /// What `target` is called with, after a token has come to it.
        bytes data;
    }

    /// Ether, and a call, to `to` on the L2; its gas is paid here, of what is sent, and the rest arrives.
    function deposit(address to, uint64 gasLimit, bytes calldata data) external payable;

    /// A token's twin on the L2 to `to`. What arrives here counts, whatever was asked. What is sent pays for `MOST_GAS` on the L2.
    function depositToken(address token, address to, uint256 amount) external payable;

    /// By the state after `height`, which the head knows. Proofs as eth_getProof gives them, of the bridge and of its slot (L2Bridge.sentSlot).
    function prove(
        Withdrawal calldata withdrawal,
        uint64 height,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external;

    /// Pays what was proven, once the delay is over; all of it reverts where the call of `target` does, and can be claimed again.
    function claim(Withdrawal calldata withdrawal) external;

    /// The same without a delay, and whatever the guardian says, once no header has come for `escapeAfter` seconds.
    function escape(Withdrawal calldata withdrawal) external;

    /// Holds claims up for `PAUSE`, and not again before as long has passed.
    function pause() external;
}
