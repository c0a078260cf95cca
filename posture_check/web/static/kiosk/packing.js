const QUALITY = 0.75;
const HEADER = 12;

/**
 * Makes messages of pictures: a JPEG with its number and the time it was taken before it.
 *
 * @returns {(source: CanvasImageSource, width: number, height: number, seq: number, captured: number) =>
 *   Promise<ArrayBuffer>} Packs one picture; the next only after it.
 */
export function makePacker() {
  const canvas = typeof OffscreenCanvas === "function" ? new OffscreenCanvas(2, 2) : document.createElement("canvas");
  // Every picture is read back to be encoded: it is kept where the processor can read it.
  const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

  return async (source, width, height, seq, captured) => {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    pen.drawImage(source, 0, 0, width, height);
    const body = new Uint8Array(await (await jpeg(canvas)).arrayBuffer());
    const data = new Uint8Array(HEADER + body.length);
    const view = new DataView(data.buffer);
    view.setUint32(0, seq, true);
    view.setFloat64(4, captured, true);
    data.set(body, HEADER);
    return data.buffer;
  };
}

function jpeg(canvas) {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/**
 * Returns the number of a picture from the server's camera.
 *
 * @param {ArrayBuffer} data The message.
 * @returns {number}
 */
export function numberOf(data) {
  return new DataView(data).getUint32(0, true);
}

/**
 * Returns the picture itself from a message of the server's camera.
 *
 * @param {ArrayBuffer} data The message.
 * @returns {Blob}
 */
export function unpacked(data) {
  return new Blob([new Uint8Array(data, HEADER)], { type: "image/jpeg" });
}
