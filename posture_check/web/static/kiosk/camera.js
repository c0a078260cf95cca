import { makeGauge } from "./gauge.js";
import { makePacker } from "./packing.js";

const SIZES = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const AGAIN_MS = 1000;
const UNDER_WAY = 2;
const LOST_MS = 1500;

/** @typedef {"ok"|"off"|"starting"|"denied"|"none"|"busy"|"lost"|"insecure"} CameraState */

const BY_ERROR = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * Runs the browser's camera: shows it, sends its newest picture whenever the server can take one, and mends it.
 *
 * @param {HTMLVideoElement} video Where it is shown.
 * @param {{send: (data: ArrayBuffer) => boolean, state: (state: CameraState) => void}} on Called with each picture to be
 *   sent, and when the camera's state changes.
 * @param {{sent: number, skipped: number}} stats What is counted.
 * @returns {{start: () => void, look: (wanted: boolean) => void, seen: (seq: number) => void, begun: (fine: boolean) => void,
 *   forget: () => void, deviceLabel: () => string}}
 */
export function browserCamera(video, on, stats) {
  const encode = makeEncoder(video);
  const gauge = makeGauge();
  /** @type {Map<number, {captured: number, sent: number}>} */
  const underWay = new Map();
  let stream = null;
  let state = "off";
  let looking = false;
  let encoding = false;
  let waiting = 0; // when the frame that is shown came, if it has not been sent yet
  let seq = 0;
  let retry = 0;

  const become = (next) => {
    if (next === state) return;
    state = next;
    on.state(next);
  };

  const later = () => {
    clearTimeout(retry);
    retry = setTimeout(start, AGAIN_MS);
  };

  async function start() {
    if (!navigator.mediaDevices?.getUserMedia) return become("insecure");
    if (state === "off") become("starting");
    try {
      const chosen = localStorage.getItem("kiosk.camera");
      const want = chosen ? { ...SIZES, deviceId: { ideal: chosen } } : SIZES;
      stream?.getTracks().forEach((track) => track.stop());
      stream = await navigator.mediaDevices.getUserMedia({ video: want, audio: false });
    } catch (error) {
      become(BY_ERROR[error.name] ?? "busy");
      return later();
    }
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", lost);
    video.srcObject = stream;
    await video.play().catch(() => {});
    become("ok");
  }

  function lost() {
    become("lost");
    later();
  }

  function frame() {
    if (looking && state === "ok" && video.readyState >= 2) {
      if (waiting) stats.skipped += 1;
      waiting = performance.now();
      if (able()) void send();
    }
    next();
  }

  function able() {
    return looking && state === "ok" && !encoding && underWay.size < UNDER_WAY;
  }

  /** Sends the newest frame after all, which could not be sent when it came. */
  function catchUp() {
    if (waiting && able() && gauge.inTime(waiting)) void send();
  }

  function next() {
    if (typeof video.requestVideoFrameCallback === "function") video.requestVideoFrameCallback(frame);
    else requestAnimationFrame(frame);
  }

  async function send() {
    encoding = true;
    const [captured, sent] = [waiting, performance.now()];
    waiting = 0;
    const mine = (seq = (seq + 1) >>> 0);
    try {
      const data = await encode(...gauge.size(video.videoWidth, video.videoHeight), mine, captured);
      if (looking && on.send(data)) {
        underWay.set(mine, { captured, sent });
        stats.sent += 1;
      }
    } finally {
      encoding = false;
    }
    catchUp();
  }

  // A picture that nobody answers (the vision process was restarted) must not hold the next ones back for ever.
  setInterval(() => {
    const now = performance.now();
    for (const [number, { sent }] of underWay) if (now - sent > LOST_MS) underWay.delete(number);
    const [track] = stream?.getVideoTracks() ?? [];
    if (state === "ok" && track?.readyState === "ended") lost();
  }, 500);
  navigator.mediaDevices?.addEventListener?.("devicechange", () => state !== "ok" && state !== "off" && start());
  next();

  return {
    start,
    look: (wanted) => {
      looking = wanted;
      waiting = 0;
    },
    seen: (number) => {
      const picture = underWay.get(number);
      if (picture) gauge.seen(picture.captured, picture.sent);
      for (const known of underWay.keys()) if (known <= number) underWay.delete(known);
      catchUp();
    },
    begun: gauge.begun,
    forget: () => underWay.clear(),
    deviceLabel: () => stream?.getVideoTracks()[0]?.label ?? "",
  };
}

/**
 * Encodes pictures of a video: in a worker, or in the page where the browser has none that can.
 *
 * @param {HTMLVideoElement} video What is shown.
 * @returns {(width: number, height: number, seq: number, captured: number) => Promise<ArrayBuffer>} Packs the frame that
 *   is shown now, in this size; one at a time.
 */
function makeEncoder(video) {
  const pack = makePacker();
  const able = typeof VideoFrame === "function" && typeof OffscreenCanvas === "function";
  let worker = able ? new Worker(new URL("./encoder.js", import.meta.url), { type: "module" }) : null;

  const handOver = async (how) => {
    const frame = new VideoFrame(video);
    try {
      return await new Promise((resolve, reject) => {
        worker.onmessage = ({ data: { data, error } }) => (data ? resolve(data) : reject(new Error(error)));
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage({ frame, how }, [frame]);
      });
    } finally {
      frame.close(); // of no effect where it was handed over
    }
  };

  return async (...how) => {
    try {
      if (worker) return await handOver(how);
    } catch (error) {
      console.warn("pictures are encoded in the page:", error.message);
      worker = null;
    }
    return pack(video, ...how);
  };
}
