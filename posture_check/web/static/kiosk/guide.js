import { h, s } from "../common/dom.js";
import { icon } from "../common/icons.js";
import { say } from "./words.js";

const RADIUS = 44;
const LONG = 34;
const ROUND = 2 * Math.PI * RADIUS;

const ICONS = {
  no_person: "person",
  two_people: "people",
  dark: "moon",
  backlit: "sun",
  far: "nearer",
  near: "farther",
  feet_cut: "farther",
  head_cut: "farther",
  aside: "person",
  tilted: "tilt",
  view: "turn",
  begin: "spark",
  hold: "hold",
  watching: "standing",
  done: "check",
  code: "qr",
  wait: "clock",
  camera_lost: "camera_off",
};

/**
 * The one thing to say now: an icon within the ring that counts down, and a sentence in large type.
 *
 * @param {HTMLElement} root Where it stands.
 * @returns {{show: (what: object) => void}}
 */
export function makeGuide(root) {
  const arc = s("circle", { cx: 50, cy: 50, r: RADIUS, class: "ring-arc", "stroke-dasharray": ROUND });
  const ring = s(
    "svg",
    { viewBox: "0 0 100 100", class: "ring", "aria-hidden": "true" },
    s("circle", { cx: 50, cy: 50, r: RADIUS, class: "ring-ground" }),
    arc,
  );
  const inner = h("div", { class: "ring-inner" });
  const number = h("span", { class: "ring-number", data: { testid: "countdown" } });
  const sentence = h("p", { class: "guide-sentence", data: { testid: "guidance" } });
  const title = h("h1", { class: "guide-title", data: { testid: "step-title" } });
  const dial = h("div", { class: "dial" }, ring, inner, number);
  root.replaceChildren(dial, h("div", { class: "guide-words" }, title, sentence));
  let drawn = "";

  return {
    /** Shows guidance `{title, text, code, turn, stage, progress, remaining}`. */
    show({ heading, text, code, turn, stage, progress, remaining }) {
      root.dataset.stage = stage;
      write(title, heading);
      write(sentence, text);
      sentence.toggleAttribute("data-long", widthOf(text) > LONG);
      sentence.dataset.code = code;
      arc.style.strokeDashoffset = String(ROUND * (1 - (stage === "done" ? 1 : progress)));
      const counting = stage === "hold" && remaining > 0.05;
      write(number, counting ? String(Math.ceil(remaining - 0.05)) : "");
      const name = nameOf(code, turn);
      inner.hidden = counting;
      if (name !== drawn) {
        inner.replaceChildren(icon(name));
        drawn = name;
      }
      root.dataset.turn = turn ?? "";
    },
  };
}

/** Writes a text where it has changed: to write it again would lay the page out again. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** How wide a sentence is, in Latin letters; a Chinese character is as wide as two. */
function widthOf(text) {
  return [...text].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
}

function nameOf(code, turn) {
  if (code === "view" && turn) return `turn_${turn}`;
  if (turn) return turn;
  const name = ICONS[code] ?? "fix";
  return name === "turn" ? "turn_left" : name;
}

/**
 * Puts a sight into words.
 *
 * @param {object|null} sight What the server saw.
 * @param {object} step The step.
 * @param {"zh"|"en"} lang Language.
 * @returns {object} For {@link makeGuide}.
 */
export function guidanceOf(sight, step, lang) {
  const general = sight?.guidance?.code === "begin"; // what to begin with is what the step says
  const guidance = general ? null : sight?.guidance;
  const stage = sight?.stage ?? "looking";
  return {
    heading: say(guidance ? step.say : step.title, lang),
    text: say(guidance ? guidance.text : step.say, lang),
    code: guidance?.code ?? (sight ? "begin" : "wait"),
    turn: guidance?.turn ?? null,
    stage,
    progress: sight?.progress ?? 0,
    remaining: sight?.remaining_s ?? null,
  };
}
