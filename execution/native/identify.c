/*
 * Hashes and senders of many transactions in one call, by the system's libsecp256k1: an optional add-on of
 * execution/src/transactions/identify.ts, which says what goes in and comes out, built by `npm run noema -- tool native`.
 * Bytes are packed as in core/src/packed.ts: u32le count || u32le end of each || the bytes.
 */
#include <node_api.h>
#include <secp256k1_recovery.h>
#include <stdint.h>
#include <string.h>

#define HASH 32
#define SENDER 20
#define SIGNATURE 65 /* r || s || parity */
#define RATE 136     /* of keccak256 */

static uint64_t rotate(uint64_t x, unsigned n) { return n == 0 ? x : (x << n) | (x >> (64 - n)); }

/* Keccak-f[1600], FIPS 202 section 3.3; the round constants by their LFSR (section 3.2.5). */
static void permute(uint64_t a[25]) {
  static const unsigned turns[25] = {0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14};
  uint8_t lfsr = 1;
  for (int round = 0; round < 24; round++) {
    uint64_t c[5], b[25];
    for (int x = 0; x < 5; x++) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++) {
      uint64_t d = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) a[x + y] ^= d;
    }
    for (int x = 0; x < 5; x++)
      for (int y = 0; y < 5; y++) b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[x + 5 * y], turns[x + 5 * y]);
    for (int y = 0; y < 25; y += 5)
      for (int x = 0; x < 5; x++) a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
    for (int j = 0; j < 7; j++) {
      if (lfsr & 1) a[0] ^= (uint64_t)1 << ((1 << j) - 1);
      lfsr = (uint8_t)((lfsr << 1) ^ ((lfsr >> 7) * 0x71));
    }
  }
}

static void absorb(uint64_t state[25], const uint8_t *block) {
  for (int i = 0; i < RATE / 8; i++) {
    uint64_t lane = 0;
    for (int k = 7; k >= 0; k--) lane = (lane << 8) | block[8 * i + k];
    state[i] ^= lane;
  }
  permute(state);
}

static void keccak256(const uint8_t *data, size_t length, uint8_t out[HASH]) {
  uint64_t state[25] = {0};
  uint8_t last[RATE] = {0};
  for (; length >= RATE; data += RATE, length -= RATE) absorb(state, data);
  memcpy(last, data, length);
  last[length] ^= 0x01;
  last[RATE - 1] ^= 0x80;
  absorb(state, last);
  for (int i = 0; i < HASH; i++) out[i] = (uint8_t)(state[i / 8] >> (8 * (i % 8)));
}

/* Zeros stay where no key signed. */
static void recover(const uint8_t hash[HASH], const uint8_t *signature, uint8_t sender[SENDER]) {
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_pubkey key;
  uint8_t encoded[65], digest[HASH];
  size_t length = sizeof encoded;
  const secp256k1_context *context = secp256k1_context_static;
  if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature, signature[64] & 1)) return;
  if (!secp256k1_ecdsa_recover(context, &key, &parsed, hash)) return;
  secp256k1_ec_pubkey_serialize(context, encoded, &length, &key, SECP256K1_EC_UNCOMPRESSED);
  keccak256(encoded + 1, 64, digest);
  memcpy(sender, digest + HASH - SENDER, SENDER);
}

typedef struct {
  const uint8_t *bytes;
  size_t length;
  uint32_t count;
} packed;

static uint32_t word(const packed *p, uint32_t i) {
  const uint8_t *at = p->bytes + 4 * (size_t)i;
  return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* 0 where the ends do not rise within the bytes. */
static int open_packed(napi_env env, napi_value value, packed *p) {
  napi_typedarray_type type;
  void *data;
  if (napi_get_typedarray_info(env, value, &type, &p->length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array) return 0;
  p->bytes = data;
  if (p->length < 4 || (p->count = word(p, 0)) > (p->length - 4) / 4) return 0;
  size_t room = p->length - 4 * ((size_t)p->count + 1);
  uint32_t before = 0;
  for (uint32_t i = 1; i <= p->count; before = word(p, i++))
    if (word(p, i) < before || word(p, i) > room) return 0;
  return 1;
}

static const uint8_t *item(const packed *p, uint32_t i, size_t *length) {
  uint32_t from = i == 0 ? 0 : word(p, i);
  *length = word(p, i + 1) - from;
  return p->bytes + 4 * ((size_t)p->count + 1) + from;
}

/* (raws, what was signed, signatures) -> hash || sender of each */
static napi_value identify(napi_env env, napi_callback_info info) {
  size_t argc = 3, length;
  napi_value argv[3], buffer, result;
  packed raws, signed_bytes, signatures;
  void *data;
  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc != 3) return NULL;
  if (!open_packed(env, argv[0], &raws) || !open_packed(env, argv[1], &signed_bytes) || !open_packed(env, argv[2], &signatures) ||
      raws.count != signed_bytes.count || raws.count != signatures.count) {
    napi_throw_type_error(env, NULL, "three packed lists of one length are expected");
    return NULL;
  }
  size_t size = (size_t)raws.count * (HASH + SENDER);
  if (napi_create_arraybuffer(env, size, &data, &buffer) != napi_ok) return NULL;
  uint8_t *out = data;
  memset(out, 0, size);
  for (uint32_t i = 0; i < raws.count; i++, out += HASH + SENDER) {
    uint8_t message[HASH];
    const uint8_t *raw = item(&raws, i, &length);
    keccak256(raw, length, out);
    const uint8_t *body = item(&signed_bytes, i, &length);
    keccak256(body, length, message);
    const uint8_t *signature = item(&signatures, i, &length);
    if (length == SIGNATURE) recover(message, signature, out + HASH);
  }
  if (napi_create_typedarray(env, napi_uint8_array, size, buffer, 0, &result) != napi_ok) return NULL;
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  if (napi_create_function(env, "identify", NAPI_AUTO_LENGTH, identify, NULL, &function) != napi_ok) return NULL;
  napi_set_named_property(env, exports, "identify", function);
  return exports;
}
