/**
 * The figure to stand in, by strokes of round ends: width and points in units of the figure's height, the middle of the
 * body at x = 0, the top of the head at y = 0, facing to the left where it is seen from the side.
 */
const FRONT_TOP = [
  { width: 0.095, points: [[0, 0.05], [0, 0.082]] },
  { width: 0.06, points: [[0, 0.11], [0, 0.17]] },
  {
    width: 0.06,
    filled: true,
    points: [[-0.03, 0.185], [0.03, 0.185], [0.095, 0.215], [0.068, 0.36], [0.072, 0.5], [-0.072, 0.5], [-0.068, 0.36], [-0.095, 0.215], [-0.03, 0.185]],
  },
  { width: 0.055, points: [[-0.102, 0.222], [-0.122, 0.37], [-0.12, 0.53]] },
  { width: 0.055, points: [[0.102, 0.222], [0.122, 0.37], [0.12, 0.53]] },
];
const SIDE_TOP = [
  { width: 0.105, points: [[-0.008, 0.054], [-0.008, 0.078]] },
  { width: 0.06, points: [[0, 0.12], [0.005, 0.2]] },
  { width: 0.14, points: [[0.005, 0.245], [0, 0.36], [0.005, 0.47]] },
];

const FIGURES = {
  front: [
    ...FRONT_TOP,
    { width: 0.085, points: [[-0.058, 0.52], [-0.052, 0.74], [-0.04, 0.93]] },
    { width: 0.085, points: [[0.058, 0.52], [0.052, 0.74], [0.04, 0.93]] },
    { width: 0.045, points: [[-0.04, 0.955], [-0.075, 0.978]] },
    { width: 0.045, points: [[0.04, 0.955], [0.075, 0.978]] },
  ],
  side: [
    ...SIDE_TOP,
    { width: 0.052, points: [[0.005, 0.225], [0.015, 0.38], [-0.005, 0.53]] },
    { width: 0.1, points: [[0.005, 0.52], [0, 0.74], [0.012, 0.93]] },
    { width: 0.042, points: [[0.012, 0.968], [-0.1, 0.978]] },
  ],
  seated_front: [
    ...FRONT_TOP.slice(0, 3),
    { width: 0.055, points: [[-0.102, 0.222], [-0.125, 0.37], [-0.09, 0.5]] },
    { width: 0.055, points: [[0.102, 0.222], [0.125, 0.37], [0.09, 0.5]] },
    { width: 0.1, points: [[-0.06, 0.51], [-0.08, 0.6]] },
    { width: 0.1, points: [[0.06, 0.51], [0.08, 0.6]] },
    { width: 0.085, points: [[-0.08, 0.6], [-0.075, 0.83]] },
    { width: 0.085, points: [[0.08, 0.6], [0.075, 0.83]] },
    { width: 0.045, points: [[-0.075, 0.86], [-0.09, 0.878]] },
    { width: 0.045, points: [[0.075, 0.86], [0.09, 0.878]] },
  ],
  seated_side: [
    ...SIDE_TOP,
    { width: 0.052, points: [[0.005, 0.225], [0.01, 0.37], [-0.13, 0.46]] },
    { width: 0.1, points: [[0.005, 0.52], [-0.22, 0.54]] },
    { width: 0.085, points: [[-0.22, 0.55], [-0.21, 0.83]] },
    { width: 0.042, points: [[-0.21, 0.868], [-0.3, 0.878]] },
  ],
};

const PLACES = {
  body: { height: 0.82, top: 0.13 },
  upper: { height: 1.75, top: 0.1 },
  seated: { height: 0.92, top: 0.1 },
};

const cache = new Map();

/**
 * Draws the outline of the figure to stand in.
 *
 * @param {number} width Width of the picture in pixels of the canvas.
 * @param {number} height Its height.
 * @param {{framing: string, view: string}} step What the step asks for.
 * @param {string} colour Of the line.
 * @param {number} line Thickness of the line.
 * @returns {HTMLCanvasElement} The outline, of the picture's size.
 */
export function figure(width, height, step, colour, line) {
  const key = `${width}x${height}:${step.framing}:${step.view}:${colour}:${line}`;
  const known = cache.get(key);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  const place = PLACES[step.framing] ?? PLACES.body;
  const scale = place.height * height;
  const sideways = ["left", "right", "side"].includes(step.view);
  const name = `${step.framing === "seated" ? "seated_" : ""}${sideways ? "side" : "front"}`;
  const facing = step.view === "right" ? -1 : 1;
  const shift = name === "seated_side" ? 0.1 * facing : 0;
  const at = ([x, y]) => [width / 2 + (x * facing + shift) * scale, place.top * height + y * scale];
  // What is thick less what is a line thinner leaves the outline of all strokes together; a dark seam shows it on light
  // walls, too.
  stroke(pen, FIGURES[name], at, scale, 2 * line + 4, "rgb(8 14 20 / 55%)");
  stroke(pen, FIGURES[name], at, scale, 2 * line, colour);
  pen.globalCompositeOperation = "destination-out";
  stroke(pen, FIGURES[name], at, scale, 0, "#000");
  if (cache.size > 12) cache.clear();
  cache.set(key, canvas);
  return canvas;
}

function stroke(pen, parts, at, scale, more, colour) {
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = pen.fillStyle = colour;
  for (const part of parts) {
    pen.lineWidth = part.width * scale + more;
    pen.beginPath();
    const points = part.points.map(at);
    pen.moveTo(...points[0]);
    for (const point of points.length > 1 ? points.slice(1) : points) pen.lineTo(...point);
    if (part.filled) pen.fill();
    pen.stroke();
  }
}
