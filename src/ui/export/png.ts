const signatureLength = 8;
/** Length, name and checksum around a chunk's data. */
const chunkFrame = 12;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The checksum of PNG chunks. https://www.w3.org/TR/png-3/#samplecrc */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (crcTable[(value ^ byte) & 255] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** A chunk of text in UTF-8, not compressed. https://www.w3.org/TR/png-3/#11iTXt */
function textChunk(keyword: string, text: string): Uint8Array {
  const encode = (part: string) => new TextEncoder().encode(part);
  // After the keyword: its end, no compression (two bytes), no language, no translated keyword.
  const data = new Uint8Array([...encode("iTXt"), ...encode(keyword), 0, 0, 0, 0, 0, ...encode(text)]);
  const chunk = new Uint8Array(data.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length - 4);
  chunk.set(data, 4);
  view.setUint32(data.length + 4, crc32(data));
  return chunk;
}

/**
 * A PNG with a text in it, behind its first chunk.
 *
 * @param keyword Latin letters, at most 79.
 * @throws RangeError for what is no PNG.
 */
export function withText(png: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.length < signatureLength + chunkFrame || view.getUint32(0) !== 0x89504e47) {
    throw new RangeError(`PNG: got ${png.length} bytes of something else. Pass the bytes of a PNG.`);
  }
  const headerEnd = signatureLength + chunkFrame + view.getUint32(signatureLength);
  const chunk = textChunk(keyword, text);
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, headerEnd));
  result.set(chunk, headerEnd);
  result.set(png.subarray(headerEnd), headerEnd + chunk.length);
  return result;
}
