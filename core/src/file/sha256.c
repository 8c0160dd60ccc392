/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256, FIPS 180-4. Names of variables are the standard's. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "xpot/file.h"

enum { BLOCK = 64, ROUNDS = 64, WORDS = 8, LENGTH_BYTES = 8 };

/* First 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2). */
static const uint32_t K[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotr(uint32_t x, int n) {
  return (x >> n) | (x << (32 - n));
}

static void schedule(uint32_t w[ROUNDS], const unsigned char *block) {
  for (int t = 0; t < 16; ++t)
    w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 | (uint32_t)block[4 * t + 2] << 8 |
           (uint32_t)block[4 * t + 3];
  for (int t = 16; t < ROUNDS; ++t) {
    uint32_t s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ (w[t - 15] >> 3);
    uint32_t s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ (w[t - 2] >> 10);
    w[t] = s1 + w[t - 7] + s0 + w[t - 16];
  }
}

/* One round. The standard moves all eight variables along; here their names move, eight rounds at a time. */
#define SHA256_ROUND(a, b, c, d, e, f, g, h, t)                                                      \
  do {                                                                                               \
    uint32_t t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + w[t]; \
    d += t1;                                                                                         \
    h = t1 + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));               \
  } while (0)

static void add_block(uint32_t hash[WORDS], const unsigned char *block) {
  uint32_t w[ROUNDS];
  uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
  schedule(w, block);
  for (int t = 0; t < ROUNDS; t += WORDS) {
    SHA256_ROUND(a, b, c, d, e, f, g, h, t);
    SHA256_ROUND(h, a, b, c, d, e, f, g, t + 1);
    SHA256_ROUND(g, h, a, b, c, d, e, f, t + 2);
    SHA256_ROUND(f, g, h, a, b, c, d, e, t + 3);
    SHA256_ROUND(e, f, g, h, a, b, c, d, t + 4);
    SHA256_ROUND(d, e, f, g, h, a, b, c, t + 5);
    SHA256_ROUND(c, d, e, f, g, h, a, b, t + 6);
    SHA256_ROUND(b, c, d, e, f, g, h, a, t + 7);
  }
  const uint32_t added[WORDS] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < WORDS; ++i) hash[i] += added[i];
}

void xp_bytes_sha256(const void *data, size_t size, char digest[65]) {
  uint32_t hash[WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const unsigned char *bytes = data;
  size_t whole = size / BLOCK * BLOCK, rest = size - whole;
  for (size_t offset = 0; offset < whole; offset += BLOCK) add_block(hash, bytes + offset);
  /* Padding: a one bit, zeros, the length in bits, big-endian. */
  unsigned char tail[2 * BLOCK] = {0};
  if (rest > 0) memcpy(tail, bytes + whole, rest);
  tail[rest] = 0x80;
  size_t blocks = rest + 1 + LENGTH_BYTES > BLOCK ? 2 : 1;
  uint64_t bits = (uint64_t)size * 8;
  for (int i = 0; i < LENGTH_BYTES; ++i) tail[blocks * BLOCK - 1 - i] = (unsigned char)(bits >> (8 * i));
  for (size_t block = 0; block < blocks; ++block) add_block(hash, tail + block * BLOCK);
  for (int i = 0; i < WORDS; ++i) snprintf(digest + 8 * i, 9, "%08x", hash[i]);
}
