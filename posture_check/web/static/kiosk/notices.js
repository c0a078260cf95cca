import { fill, h } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { say, word } from "./words.js";

const CAMERA_ICONS = { none: "plug", lost: "plug", busy: "camera_off", denied: "camera_off", insecure: "camera_off", starting: "camera" };

/**
 * Draws what is not well: the connection, the camera, the program that looks, the records.
 *
 * @param {HTMLElement} root Where the notices stand.
 * @param {{open: boolean, everOpen: boolean, camera: string, needed: boolean, health: object|null, trouble: object|null}} now How things
 *   are.
 * @param {"zh"|"en"} lang Language.
 */
export function drawNotices(root, now, lang) {
  const notices = [];
  if (!now.open && now.everOpen) notices.push(notice("connection-lost", "plug", word("server_gone", lang)));
  const own = ["denied", "none", "busy", "lost", "insecure"].includes(now.camera);
  const text = own ? word(`camera_${now.camera}`, lang) : say(now.health?.text, lang);
  if (now.open && text && now.needed) {
    const health = notice("health", own ? (CAMERA_ICONS[now.camera] ?? "camera_off") : signOf(now.health), text);
    health.dataset.camera = own ? now.camera : (now.health?.camera ?? "");
    health.dataset.vision = now.health?.vision ?? "";
    notices.push(health);
  }
  if (now.open && now.trouble) notices.push(notice("trouble", "disk", say(now.trouble, lang)));
  const drawn = notices.map((node) => node.textContent).join("|");
  if (root.dataset.drawn === drawn) return;
  root.dataset.drawn = drawn;
  fill(root, ...notices);
}

function signOf(health) {
  if (["lost", "frozen"].includes(health.camera)) return "camera_off";
  return health.vision === "lost" ? "retry" : "clock";
}

function notice(testid, sign, text) {
  return h("div", { class: "notice", role: "alert", data: { testid } }, icon(sign), h("span", { text }));
}
