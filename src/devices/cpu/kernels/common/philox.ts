// Philox4x32-10: random block = philox(counter, key), a keyed bijection of 128-bit counters.
// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), https://doi.org/10.1145/2063384.2063405
// Equal to the bit to src/lib/philox.ts.

/** Writes the block of a counter and a key to the four words at `out`. */
export function philox(
  counter0: u32,
  counter1: u32,
  counter2: u32,
  counter3: u32,
  key0: u32,
  key1: u32,
  out: usize,
): void {
  for (let round: u32 = 0; round < 10; round++) {
    const product0 = <u64>0xd2511f53 * <u64>counter0;
    const product1 = <u64>0xcd9e8d57 * <u64>counter2;
    counter0 = <u32>(product1 >> 32) ^ counter1 ^ key0;
    counter1 = <u32>product1;
    counter2 = <u32>(product0 >> 32) ^ counter3 ^ key1;
    counter3 = <u32>product0;
    key0 += 0x9e3779b9;
    key1 += 0xbb67ae85;
  }
  store<u32>(out, counter0, 0);
  store<u32>(out, counter1, 4);
  store<u32>(out, counter2, 8);
  store<u32>(out, counter3, 12);
}
