// What a Substrate node offers to a runtime. A span is a pointer with its length in the upper half.

@external('env', 'ext_storage_get_version_1')
export declare function hostGet(key: i64): i64;
@external('env', 'ext_storage_set_version_1')
export declare function hostSet(key: i64, value: i64): void;
@external('env', 'ext_storage_clear_version_1')
export declare function hostClear(key: i64): void;
@external('env', 'ext_storage_append_version_1')
export declare function hostAppend(key: i64, value: i64): void;
@external('env', 'ext_storage_next_key_version_1')
export declare function hostNextKey(key: i64): i64;
@external('env', 'ext_storage_start_transaction_version_1')
export declare function startTransaction(): void;
@external('env', 'ext_storage_rollback_transaction_version_1')
export declare function rollbackTransaction(): void;
@external('env', 'ext_storage_commit_transaction_version_1')
export declare function commitTransaction(): void;
@external('env', 'ext_hashing_blake2_128_version_1')
export declare function blake2_128(data: i64): usize;
@external('env', 'ext_hashing_blake2_256_version_1')
export declare function blake2_256(data: i64): usize;
@external('env', 'ext_hashing_twox_64_version_1')
export declare function twox_64(data: i64): usize;
@external('env', 'ext_crypto_sr25519_verify_version_2')
export declare function sr25519Verify(signature: usize, message: i64, key: usize): i32;
@external('env', 'ext_crypto_ed25519_verify_version_1')
export declare function ed25519Verify(signature: usize, message: i64, key: usize): i32;

export function span(at: usize, length: usize): i64 {
  return ((length as i64) << 32) | (at as i64);
}
