import { fill } from "../common/dom.js";
import { browserCamera } from "./camera.js";
import { guidanceOf, makeGuide } from "./guide.js";
import { makeMirror } from "./mirror.js";
import { drawNotices } from "./notices.js";
import { numberOf } from "./packing.js";
import { clearRail, drawRail } from "./rail.js";
import { clockText, screen } from "./screens.js";
import { connect } from "./socket.js";
import { play, unlock } from "./sound.js";
import { makeStats } from "./stats.js";
import { drawTopbar } from "./topbar.js";
import { hush, speak } from "./voice.js";
import { say, word } from "./words.js";

const TOUCH_EVERY_MS = 1000;
const KEEP_EVERY_MS = 5000;
const KEEP_FOR_MS = 120_000;
const LIVE_EVERY_MS = 1200;
const TOAST_MS = 5000;

const at = (id) => document.getElementById(id);
const parts = { stage: at("stage"), section: at("mirror"), glass: at("glass"), video: at("video"), picture: at("picture"), overlay: at("overlay") };
const stats = makeStats();
const mirror = makeMirror(parts);
const guide = makeGuide(at("guide"));
const now = { open: false, everOpen: false, camera: "off", needed: true, health: null, trouble: null };
const SMALL = matchMedia("(max-width: 62rem) and (orientation: landscape)");
const NEEDS_CAMERA = ["attract", "identify", "consent", "step"];

let state = { type: "state", phase: "starting", lang: document.body.dataset.lang, steps: [], person: null };
let sight = null;
let drawnScreen = "";
let liveAt = 0;
let lastSecond = null;

const app = {
  say: (message) => socket.say(message),
  local: {},
  redraw: () => drawPanel(true),
};

const camera =
  document.body.dataset.camera === "browser"
    ? browserCamera(parts.video, { send: (data) => socket.frame(data), state: cameraBecame }, stats)
    : null;
mirror.source(!camera);

const socket = connect({
  open: () => {
    now.open = now.everOpen = true;
    camera?.forget();
    document.body.dataset.connection = "open";
    notices();
  },
  lost: () => {
    now.open = false;
    document.body.dataset.connection = "lost";
    notices();
  },
  picture: (data) => {
    void mirror.show(data);
    pictureTimes.set(numberOf(data), performance.now());
    if (pictureTimes.size > 120) pictureTimes.delete(pictureTimes.keys().next().value);
  },
  message: (message) => HEARD[message.type]?.(message),
});

/** When each picture of the server's camera came here: the server's clock is not the page's. */
const pictureTimes = new Map();

const HEARD = { state: stateCame, sight: sightCame, health: healthCame, idle: idleCame, error: errorCame };

function stateCame(next) {
  const before = state;
  state = next;
  now.trouble = next.trouble ?? null;
  if (before.phase !== next.phase) phaseChanged(before.phase, next);
  else if (before.step?.id !== next.step?.id) play("step");
  if (before.step?.id !== next.step?.id || before.run !== next.run) {
    sight = null;
    lastSecond = null;
    camera?.begun(next.step?.fine ?? true);
    if (next.step?.kind === "camera") speak(say(next.step.say, next.lang), next.lang, true);
  }
  camera?.look(Boolean(next.look));
  draw();
}

function phaseChanged(before, next) {
  app.local = {};
  if (next.phase === "attract") {
    clearRail();
    hush();
  }
  if (before === "step") play("step");
  if (next.phase === "result") {
    play(next.result.verdict === "pass" ? "pass" : "fail");
    speak(word(next.result.verdict, next.lang), next.lang, true);
  }
  if (next.phase === "done") speak(word("done", next.lang), next.lang);
  if (next.phase === "manual") speak(say(next.step.say, next.lang), next.lang, true);
}

function draw() {
  const { lang, phase } = state;
  document.body.dataset.phase = phase;
  document.body.dataset.lang = lang;
  const step = phase === "step" ? state.step : null;
  document.body.dataset.step = step?.id ?? "";
  document.body.dataset.stepView = step?.view ?? "";
  document.body.dataset.stepFraming = step?.framing ?? "";
  document.body.dataset.scanning = String(Boolean(state.scanning));
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  drawTopbar(at("topbar"), state, app);
  notices();
  const looking = phase === "step" || (phase === "identify" && state.scanning);
  mirror.place(looking, phase === "step" ? "step" : "code", step);
  at("guide").hidden = phase !== "step";
  const rail = at("rail");
  rail.hidden = !["step", "manual"].includes(phase);
  rail.setAttribute("aria-label", word("steps", lang));
  rail.toggleAttribute("data-row", phase === "manual" || SMALL.matches);
  if (!rail.hidden) drawRail(rail, state);
  if (phase === "step") drawGuide();
  drawPanel(false);
}

function drawPanel(force) {
  const wanted = JSON.stringify([state.phase, state.lang, state.step?.id, state.step?.items, state.result, state.roster, state.consent, state.scanning]);
  if (!force && wanted === drawnScreen) return;
  const fresh = document.body.dataset.drawn !== state.phase;
  drawnScreen = wanted;
  document.body.dataset.drawn = state.phase;
  const panel = at("panel");
  fill(panel, ...screen(state, app));
  panel.hidden = !panel.childElementCount;
  const first = panel.querySelector("[data-autofocus]") ?? (fresh ? panel.querySelector("h1[tabindex]") : null);
  if (first && !panel.contains(document.activeElement)) first.focus({ preventScroll: true });
}

function drawGuide() {
  const shown = guidanceOf(sight, state.step, state.lang);
  guide.show(shown);
  announce(shown.text);
}

function announce(text) {
  const time = performance.now();
  const live = at("live");
  if (live.textContent === text || time - liveAt < LIVE_EVERY_MS) return;
  liveAt = time;
  live.textContent = text;
}

function sightCame(next) {
  camera?.seen(next.seq);
  const captured = camera ? next.captured_ms : pictureTimes.get(next.seq);
  if (next.run === state.run && state.phase === "step") {
    const before = sight;
    sight = next;
    mirror.seen(next);
    drawGuide();
    hear(before, next);
  }
  if (captured !== undefined) stats.drawn(captured, next);
}

function hear(before, next) {
  const code = next.guidance?.code;
  if (before?.stage !== "hold" && next.stage === "hold") play("hold");
  const second = next.stage === "hold" && next.remaining_s ? Math.ceil(next.remaining_s) : null;
  if (second !== null && lastSecond !== null && second < lastSecond) play("tick");
  lastSecond = second;
  const text = say(next.guidance?.text, state.lang);
  if (text && text !== say(before?.guidance?.text, state.lang)) {
    if (next.stage === "correct" && code === "fix") play("correct");
    speak(text, state.lang, next.stage === "hold");
  }
}

function healthCame(health) {
  now.health = health;
  notices();
}

function cameraBecame(next) {
  if (next !== "ok" && now.camera === "ok") lostAt = performance.now();
  now.camera = next;
  if (next !== "ok") camera?.forget();
  notices();
}

let lostAt = 0;

// Who cannot be seen because the camera is gone has not gone: the check is not cleared meanwhile.
setInterval(() => {
  if (camera && state.phase === "step" && now.camera !== "ok" && performance.now() - lostAt < KEEP_FOR_MS) app.say({ type: "touch" });
}, KEEP_EVERY_MS);

function notices() {
  document.body.dataset.cameraState = now.camera;
  now.needed = NEEDS_CAMERA.includes(state.phase);
  drawNotices(at("notices"), now, state.lang);
}

function idleCame({ in_s: seconds }) {
  const box = at("countdown-clear");
  box.hidden = seconds === null;
  box.textContent = seconds === null ? "" : word(state.phase === "done" ? "cleared" : "clears", state.lang, { n: seconds });
}

let toastTimer = 0;

function errorCame({ text }) {
  const toast = at("toast");
  toast.textContent = say(text, state.lang);
  toast.hidden = false;
  play("error");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast.hidden = true;
  }, TOAST_MS);
  if (state.phase === "override") {
    const error = document.querySelector('[data-testid="override-error"]');
    if (error) error.textContent = toast.textContent;
  }
}

let touchedAt = 0;

function touched() {
  unlock();
  const time = performance.now();
  if (time - touchedAt < TOUCH_EVERY_MS || state.phase === "attract") return;
  touchedAt = time;
  app.say({ type: "touch" });
}

addEventListener("pointerdown", touched, { capture: true, passive: true });
addEventListener("keydown", (event) => {
  touched();
  if (event.key === "Escape" && !["attract", "busy"].includes(state.phase)) {
    app.say({ type: state.phase === "override" ? "back" : "cancel" });
  }
  if (state.phase === "attract" && (event.key === "Enter" || event.key === " ") && document.activeElement === document.body) {
    app.say({ type: "start" });
  }
});
addEventListener("click", (event) => {
  play("touch");
  if (state.phase === "attract" && !event.target.closest("button")) app.say({ type: "start" });
});
addEventListener("contextmenu", (event) => event.preventDefault());

setInterval(() => {
  const clock = document.getElementById("clock");
  if (clock) clock.textContent = clockText(state.lang);
}, 1000);

camera?.start();
draw();
