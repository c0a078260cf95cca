import { figure } from "./figures.js";

/** Pairs of pose landmarks that a line joins. */
const BONES = [
  [11, 12], [11, 23], [12, 24], [23, 24],
  [11, 13], [13, 15], [12, 14], [14, 16],
  [23, 25], [25, 27], [24, 26], [26, 28],
  [27, 29], [29, 31], [27, 31], [28, 30], [30, 32], [28, 32],
];
const FINGERS = [
  [0, 1, 2, 3, 4], [0, 5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16], [0, 17, 18, 19, 20], [5, 9, 13, 17],
];
const SEEN = 0.5;
const COLOURS = { line: "#ffffff", good: "#5fd992", fault: "#ff8f86", other: "rgb(255 255 255 / 35%)", dark: "rgb(8 14 20 / 70%)" };
const OUTLINE = { looking: "rgb(255 255 255 / 85%)", correct: "rgb(255 200 97 / 95%)" };

/** The canvas covers no more than it must, in so many parts of the picture's sides: all of it is laid over every frame. */
const PARTS = 12;
const MARGIN = 0.03;
const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 };

/**
 * Draws a sight over the picture: the outline to stand in, who is seen, and the parts to be put right.
 *
 * @param {HTMLCanvasElement} canvas Laid over that part of the picture in which there is something to draw.
 * @param {object|null} sight What the server saw; null leaves the outline alone.
 * @param {object|null} step The camera step; null draws no outline.
 * @param {boolean} mirror Whether the picture is shown as in a mirror.
 */
export function drawOverlay(canvas, sight, step, mirror) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const width = Math.round(canvas.parentElement.clientWidth * ratio);
  const height = Math.round(canvas.parentElement.clientHeight * ratio);
  if (!width || !height) return;
  const colour = OUTLINE[sight?.stage ?? "looking"];
  const box = cover(canvas, step && colour ? WHOLE : extent(sight, mirror), width, height);
  const pen = canvas.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(mirror ? -1 : 1, 0, 0, 1, (mirror ? width : 0) - box.left * width, -box.top * height);
  const unit = height / 100;
  if (step && colour) pen.drawImage(figure(width, height, step, colour, Math.max(2, Math.round(0.5 * unit))), 0, 0);
  for (const person of sight?.people ?? []) {
    drawPerson(pen, person, { width, height, unit }, person.subject ? sight : null);
  }
}

/** Returns the part of the shown picture in which there are people. */
function extent(sight, mirror) {
  const box = { left: 1, top: 1, right: 0, bottom: 0 };
  for (const person of sight?.people ?? []) {
    for (const points of [person.pose, ...(person.hands ?? []), person.face ?? []]) {
      for (const [x, y] of points) {
        const across = mirror ? 1 - x : x;
        box.left = Math.min(box.left, across);
        box.right = Math.max(box.right, across);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
      }
    }
  }
  const floor = (value) => Math.max(0, Math.floor((value - MARGIN) * PARTS) / PARTS);
  const ceil = (value) => Math.min(1, Math.ceil((value + MARGIN) * PARTS) / PARTS);
  return { left: floor(box.left), top: floor(box.top), right: ceil(box.right), bottom: ceil(box.bottom) };
}

/** Lays the canvas over a part of the picture; it stays where it is as long as that is enough and not far too much. */
function cover(canvas, wanted, width, height) {
  const area = (box) => Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
  const old = covered.get(canvas);
  const enough =
    old?.width === width && old.height === height &&
    old.left <= wanted.left && old.top <= wanted.top && old.right >= wanted.right && old.bottom >= wanted.bottom;
  if (enough && area(old) <= 1.6 * area(wanted)) return old;
  const box = area(wanted) > 0 ? { ...wanted, width, height } : { left: 0, top: 0, right: 1 / PARTS, bottom: 1 / PARTS, width, height };
  canvas.width = Math.round((box.right - box.left) * width);
  canvas.height = Math.round((box.bottom - box.top) * height);
  for (const [side, share] of Object.entries({ left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top })) {
    canvas.style.setProperty(side, `${100 * share}%`);
  }
  covered.set(canvas, box);
  return box;
}

const covered = new WeakMap();

function drawPerson(pen, person, size, sight) {
  const at = ([x, y]) => [x * size.width, y * size.height];
  const marks = new Set(sight?.guidance?.marks ?? []);
  const seen = (index) => person.pose[index] && person.pose[index][2] >= SEEN;
  const tint = !sight ? COLOURS.other : sight.stage === "hold" || sight.stage === "done" ? COLOURS.good : COLOURS.line;
  pen.lineCap = pen.lineJoin = "round";
  const lines = BONES.filter(([a, b]) => seen(a) && seen(b));
  const wrong = lines.filter(([a, b]) => marks.has(a) && marks.has(b));
  if (sight) strokeLines(pen, lines, person.pose, at, COLOURS.dark, 1.5 * size.unit);
  strokeLines(pen, lines.filter((line) => !wrong.includes(line)), person.pose, at, tint, 0.8 * size.unit);
  strokeLines(pen, wrong, person.pose, at, COLOURS.fault, 1.5 * size.unit);
  if (!sight) return;
  for (const hand of person.hands ?? []) strokeFingers(pen, hand, at, tint, 0.35 * size.unit);
  pen.globalAlpha = 0.7;
  dots(pen, (person.face ?? []).map(at), tint, 0.14 * size.unit);
  pen.globalAlpha = 1;
  const joints = person.pose.map((point, index) => [point, index]).filter(([point, index]) => index > 10 && point[2] >= SEEN);
  dots(pen, joints.filter(([, index]) => ![17, 18, 19, 20, 21, 22].includes(index)).map(([point]) => at(point)), tint, 0.75 * size.unit);
  for (const index of marks) if (person.pose[index]) ring(pen, at(person.pose[index]), size.unit);
}

function strokeLines(pen, lines, points, at, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const [a, b] of lines) {
    pen.moveTo(...at(points[a]));
    pen.lineTo(...at(points[b]));
  }
  pen.stroke();
}

function strokeFingers(pen, hand, at, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const finger of FINGERS) {
    finger.forEach((index, order) => {
      if (!hand[index]) return;
      if (order === 0) pen.moveTo(...at(hand[index]));
      else pen.lineTo(...at(hand[index]));
    });
  }
  pen.stroke();
}

function dots(pen, points, colour, radius) {
  pen.fillStyle = colour;
  pen.beginPath();
  for (const [x, y] of points) {
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 2 * Math.PI);
  }
  pen.fill();
}

/** A ring about a part that is to be put right: a shape of its own, so that the colour does not tell it alone. */
function ring(pen, [x, y], unit) {
  for (const [width, colour] of [[1.6 * unit, COLOURS.dark], [0.7 * unit, COLOURS.fault]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, 2.4 * unit, 0, 2 * Math.PI);
    pen.stroke();
  }
}
