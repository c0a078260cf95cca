import { unpacked } from "./packing.js";
import { drawOverlay } from "./overlay.js";

/**
 * Shows the picture as in a mirror, with what was seen drawn over it.
 *
 * @param {{stage: HTMLElement, section: HTMLElement, glass: HTMLElement, video: HTMLVideoElement, picture: HTMLCanvasElement,
 *   overlay: HTMLCanvasElement}} parts Elements of the page.
 * @returns {object} What the page does with it.
 */
export function makeMirror(parts) {
  let step = null;
  let sight = null;
  let server = false;
  let decoding = null;
  let waiting = null;

  const shape = (width, height) => {
    if (!width || !height) return;
    parts.stage.style.setProperty("--aspect", String(width / height));
    parts.stage.dataset.shape = width > height ? "wide" : "tall";
  };
  const draw = () => drawOverlay(parts.overlay, sight, step, true);
  parts.video.addEventListener("resize", () => shape(parts.video.videoWidth, parts.video.videoHeight));
  parts.video.addEventListener("loadedmetadata", () => shape(parts.video.videoWidth, parts.video.videoHeight));
  new ResizeObserver(draw).observe(parts.glass);

  async function show(data) {
    if (decoding) {
      waiting = data; // only the newest waits
      return;
    }
    decoding = data;
    try {
      const bitmap = await createImageBitmap(unpacked(data));
      const { picture } = parts;
      if (picture.width !== bitmap.width || picture.height !== bitmap.height) {
        picture.width = bitmap.width;
        picture.height = bitmap.height;
        shape(bitmap.width, bitmap.height);
      }
      picture.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
      bitmap.close();
    } catch {
      // A picture that came damaged is left out.
    }
    decoding = null;
    if (waiting) {
      const next = waiting;
      waiting = null;
      void show(next);
    }
  }

  return {
    /** Says whether the server's camera is shown. */
    source(isServer) {
      server = isServer;
      parts.picture.hidden = !server;
      parts.video.hidden = server;
    },
    /** Shows or hides the mirror, for a step or for a code. */
    place(visible, camera, present) {
      parts.section.hidden = !visible;
      parts.section.dataset.kind = camera;
      if (step?.id !== present?.id) sight = null;
      step = present;
      draw();
    },
    /** Draws what was seen. */
    seen(next) {
      sight = next;
      parts.glass.dataset.stage = next?.stage ?? "looking";
      draw();
    },
    show,
  };
}
